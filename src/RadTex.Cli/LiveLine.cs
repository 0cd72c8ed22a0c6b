using System.Text;

namespace RadTex.Cli;

/// <summary>
/// The one line of a terminal that changes: a bar. What the program prints meanwhile, on standard output or error, appears above it, never in it.
/// Where standard error is no terminal there is no such line, and nothing is wrapped.
/// </summary>
internal static class LiveLine
{
    private static readonly Lock Gate = new();
    private static string? shown; // the bar as it stands; null where there is none
    private static bool atLineStart = true;
    private static TextWriter? error;

    /// <summary>Puts itself between the program and a terminal's streams; call once.</summary>
    internal static void Install()
    {
        if (error is not null || Console.IsErrorRedirected) return;
        error = Console.Error;
        Console.SetError(new Above(error));
        if (!Console.IsOutputRedirected) Console.SetOut(new Above(Console.Out));
    }

    /// <summary>Shows a bar in the place of the one before.</summary>
    internal static void Show(string text)
    {
        lock (Gate)
        {
            if (!atLineStart) return; // somebody's line is not finished
            var to = error ?? Console.Error;
            to.Write($"\r{text}\e[K");
            to.Flush();
            shown = text;
        }
    }

    /// <summary>Leaves the bar as it stands.</summary>
    internal static void Close()
    {
        lock (Gate)
        {
            if (shown is null) return;
            (error ?? Console.Error).WriteLine();
            shown = null;
        }
    }

    /// <summary>Writes above the bar.</summary>
    private sealed class Above(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void WriteLine(string? value) => Write($"{value}{NewLine}".AsSpan());

        public override void WriteLine() => Write(NewLine.AsSpan());

        public override void Write(ReadOnlySpan<char> text)
        {
            if (text.IsEmpty) return;
            lock (Gate)
            {
                if (shown is not null && atLineStart) error!.Write("\r\e[K");
                error!.Flush();
                inner.Write(text);
                inner.Flush();
                atLineStart = text[^1] == '\n';
                if (shown is null || !atLineStart) return;
                error.Write(shown);
                error.Flush();
            }
        }

        public override void Flush() => inner.Flush();
    }
}
