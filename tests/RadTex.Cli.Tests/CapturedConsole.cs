using System.Text;

namespace RadTex.Cli.Tests;

/// <summary>
/// Runs <c>radtex</c> in this process. What it writes to the console is caught for each caller apart, so that tests may run side by side.
/// </summary>
internal static class CapturedConsole
{
    private static readonly Lock Gate = new();
    private static bool isInstalled;

    /// <summary>Runs a command line; gives its exit code and what it wrote.</summary>
    internal static async Task<RadTexProcess.Result> RunAsync(params string[] arguments)
    {
        Install();
        using StringWriter output = new(), error = new();
        (Router.Output.Value, Router.Error.Value) = (TextWriter.Synchronized(output), TextWriter.Synchronized(error));
        try
        {
            int exit = await RadTexCommand.RunAsync(arguments);
            return new(exit, output.ToString(), error.ToString());
        }
        finally { (Router.Output.Value, Router.Error.Value) = (null, null); }
    }

    /// <summary>What an action writes to standard error.</summary>
    internal static async Task<string> CaptureErrorAsync(Action action)
    {
        Install();
        using StringWriter error = new();
        Router.Error.Value = TextWriter.Synchronized(error);
        try { await Task.Run(action); }
        finally { Router.Error.Value = null; }
        return error.ToString();
    }

    private static void Install()
    {
        lock (Gate)
        {
            if (isInstalled) return;
            Console.SetOut(new Router(Console.Out, Router.Output));
            Console.SetError(new Router(Console.Error, Router.Error));
            isInstalled = true;
        }
    }

    /// <summary>Writes to the writer of the caller's own flow, else to the console.</summary>
    private sealed class Router(TextWriter console, AsyncLocal<TextWriter?> own) : TextWriter
    {
        internal static readonly AsyncLocal<TextWriter?> Output = new(), Error = new();

        public override Encoding Encoding => console.Encoding;

        public override void Write(char value) => (own.Value ?? console).Write(value);

        public override void Write(string? value) => (own.Value ?? console).Write(value);

        public override void WriteLine(string? value) => (own.Value ?? console).WriteLine(value);
    }
}
