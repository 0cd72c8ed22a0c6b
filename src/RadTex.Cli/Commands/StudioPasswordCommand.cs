using System.CommandLine;
using System.Text;
using RadTex.Studio;
using RadTex.Studio.Web;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex studio password READER --file FILE</c>: sets a reader's password, read from the terminal or standard input.</summary>
internal sealed class StudioPasswordCommand
{
    private readonly Argument<string> reader = new("READER") { Description = "The reader's handle." };
    private readonly Option<string> file = new("--file")
    {
        Description = "The file of passwords, made where it is not there; it holds no password, but what PBKDF2 makes of each.",
        HelpName = "FILE",
        Required = true,
    };

    internal static Command Build()
    {
        var options = new StudioPasswordCommand();
        var command = new Command("password", "Set a reader's password, for a studio that others reach.") { options.reader, options.file };
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (handle, path) = (parsed.GetValue(reader)!, parsed.GetValue(file)!);
        if (!ReaderHandle.Is(handle))
            throw new UserErrorException($"{handle} is no handle: expected letters, digits, - and _, such as reader-1.");
        ReaderPasswords.Set(path, handle, ReadPassword());
        Console.WriteLine($"{path}: the password of {handle} is set");
        return RadTexCommand.Success;
    }

    // Never an argument: those are seen by all on a machine, and kept in histories.
    private static string ReadPassword()
    {
        if (Console.IsInputRedirected) return Console.In.ReadLine() ?? "";
        Console.Error.Write("Password: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
            if (pressed.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(pressed.KeyChar)) typed.Append(pressed.KeyChar);
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
