using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using RadTex.Cli.Commands;
using Spectre.Console;

namespace RadTex.Cli;

/// <summary>The <c>radtex</c> command: its subcommands, and what every one of them shares (errors, exit codes, Ctrl+C).</summary>
internal static class RadTexCommand
{
    /// <summary>The exit codes of every subcommand.</summary>
    internal const int Success = 0, ProgramFault = 1, UserMistake = 2, Interrupted = 130;

    internal static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the trace of an error.", Recursive = true };

    internal static Command Build()
    {
        // Not a RootCommand: that one takes its name from the assembly, and the command is called radtex.
        var root = new Command("radtex", "Radiology reports into an image encoder, about 100 labels into a chest X-ray classifier.")
        {
            Verbose, new HelpOption(), new VersionOption(),
        };
        root.Subcommands.Add(QuickstartCommand.Build());
        root.Subcommands.Add(PhantomsCommand.Build());
        root.Subcommands.Add(PrepareCommand.Build());
        root.Subcommands.Add(VerifyCommand.Build());
        root.Subcommands.Add(InspectCommand.Build());
        root.Subcommands.Add(EmbedCommand.Build());
        root.Subcommands.Add(TransferCommand.Build());
        root.Subcommands.Add(SweepCommand.Build());
        root.Subcommands.Add(ReproduceCommand.Build());
        root.Subcommands.Add(VocabularyCommand.Build());
        root.Subcommands.Add(PretrainCommand.Build());
        root.Subcommands.Add(ImportCommand.Build());
        root.Subcommands.Add(ExportCommand.Build());
        root.Subcommands.Add(PredictCommand.Build());
        root.Subcommands.Add(ReadCommand.Build());
        root.Subcommands.Add(ScoreCommand.Build());
        root.Subcommands.Add(SelfCheckCommand.Build());
        return root;
    }

    /// <summary>Runs one command line and returns its exit code. Errors are one line each on standard error.</summary>
    internal static async Task<int> RunAsync(string[] args)
    {
        var parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors) Console.Error.WriteLine($"radtex: {error.Message}");
            Console.Error.WriteLine($"radtex: see 'radtex {string.Join(' ', args.TakeWhile(a => !a.StartsWith('-')).Take(1).Append("--help"))}'.");
            return UserMistake;
        }
        try
        {
            // The commands return their exit code; ours, not the library's, handles what they throw.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            return Fail(UserMistake, e.Message, e, parsed);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("radtex: interrupted; nothing half-written was left under a final name. The same command goes on where it can.");
            return Interrupted;
        }
#pragma warning disable CA1031 // the last resort: whatever else escapes is our fault and exits with 1
        catch (Exception e)
        {
            return Fail(ProgramFault, $"internal error: {e.GetType().Name}: {e.Message}", e, parsed);
        }
#pragma warning restore CA1031
    }

    private static int Fail(int exitCode, string message, Exception e, ParseResult parsed)
    {
        Console.Error.WriteLine($"radtex: {message.ReplaceLineEndings(" ")}");
        if (parsed.GetValue(Verbose)) AnsiConsole.WriteException(e);
        return exitCode;
    }
}
