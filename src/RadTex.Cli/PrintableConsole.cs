using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RadTex.Cli;

/// <summary>
/// Makes all text the commands print printable, in one place: labels, columns, file names and messages that quote them come from files, and a file
/// may hold escape sequences. The program's own pass by <see cref="LiveLine"/>, <see cref="AnsiConsole"/> and the marks of
/// <see cref="TerminalColour"/>.
/// </summary>
internal static class PrintableConsole
{
    private static bool installed;

    /// <summary>Puts itself before the process's standard output and error, whatever stands behind them by now; call once.</summary>
    internal static void Install()
    {
        if (installed) return;
        installed = true;
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new Output(Console.Out) });
        AnsiConsole.Console.Pipeline.Attach(new Hook());
        Console.SetOut(new Writer(Console.Out, isTerminal: !Console.IsOutputRedirected));
        Console.SetError(new Writer(Console.Error, isTerminal: !Console.IsErrorRedirected));
    }

    /// <summary>The text as it may be sent to a terminal: printable, with the sequences that the program's own marks stand for.</summary>
    internal static string Show(string text)
    {
        if (text.AsSpan().IndexOfAny(TerminalColour.BoldMark, TerminalColour.RedMark, TerminalColour.EndMark) < 0) return PrintableText.Of(text);
        var shown = new StringBuilder(text.Length + 16);
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            var sequence = i == text.Length ? "" : text[i] switch
            {
                TerminalColour.BoldMark => "\e[1m",
                TerminalColour.RedMark => "\e[31m",
                TerminalColour.EndMark => "\e[0m",
                _ => null,
            };
            if (sequence is null) continue;
            shown.Append(PrintableText.Of(text[start..i])).Append(sequence);
            start = i + 1;
        }
        return shown.ToString();
    }

    // Spectre takes a writer for a terminal only where it is Console.Out, which it is no more.
    private sealed class Output(TextWriter writer) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput inner = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal { get; } = !Console.IsOutputRedirected;

        public int Width => inner.Width;

        public int Height => inner.Height;

        public void SetEncoding(Encoding encoding) => inner.SetEncoding(encoding);
    }

    /// <summary>
    /// A sentence in lines of whole words for a terminal of <paramref name="width"/> columns. Tables and examples, which are indented or have
    /// columns, stay.
    /// </summary>
    internal static string InLines(string line, int width)
    {
        bool isSentence = line.Length > width && !char.IsWhiteSpace(line[0]) && !line.Contains("  ", StringComparison.Ordinal)
            && !line.AsSpan().ContainsAny("\n│─");
        return isSentence ? string.Join(Environment.NewLine, HelpWriter.Wrapped(line, 0, width)) : line;
    }

    private sealed class Writer(TextWriter inner, bool isTerminal) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => inner.Write(Show(value.ToString()));

        public override void Write(char[] buffer, int index, int count) => inner.Write(Show(new string(buffer, index, count)));

        public override void Write(ReadOnlySpan<char> buffer) => inner.Write(Show(new string(buffer)));

        public override void Write(string? value) => inner.Write(value is null ? null : Show(value));

        public override void WriteLine(string? value) =>
            inner.WriteLine(value is null ? null : Show(isTerminal ? InLines(value, TerminalColour.Width) : value));

        public override void WriteLine() => inner.WriteLine();

        public override void Flush() => inner.Flush();
    }

    private sealed class Hook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
            renderables.Select(r => new Printable(r));
    }

    private sealed class Printable(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth)
                .Select(s => !s.IsControlCode && PrintableText.Of(s.Text) is var text && text != s.Text ? new Segment(text, s.Style) : s);
    }
}
