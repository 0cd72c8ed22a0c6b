using System.CommandLine;
using System.CommandLine.Help;
using RadTex.Cli.Commands;
using RadTex.Files;
using Spectre.Console;

namespace RadTex.Cli;

/// <summary>The <c>radtex</c> command: its subcommands, and what every one of them shares (errors, exit codes, Ctrl+C).</summary>
internal static class RadTexCommand
{
    /// <summary>The exit codes of every subcommand.</summary>
    internal const int Success = 0, ProgramFault = 1, UserMistake = 2, Interrupted = 130;

    // A service that is told to end finishes what it began; other commands end sooner by themselves.
    private static readonly TimeSpan LongestEnding = TimeSpan.FromMinutes(1);

    internal static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the trace of an error.", Recursive = true };

    internal static Command Build()
    {
        // Not a RootCommand: that one takes its name from the assembly, and the command is called radtex.
        var root = new Command("radtex", "Radiology reports into an image encoder, about 100 labels into a chest X-ray classifier.")
        {
            Verbose,
            new HelpOption { Action = new CommandHelp(), Description = "Show what a command takes, with examples." },
            new VersionOption { Description = "Show the version." },
        };
        foreach (var command in Grouped().SelectMany(g => g.Commands)) root.Subcommands.Add(command);
        root.Subcommands.Add(CompletionCommand.BuildAnswer());
        root.SetAction(_ =>
        {
            CommandHelp.Write(root, new(Console.Out)); // who types the name alone is shown the way in
            return Success;
        });
        ValueParsers.SetOn(root);
        return root;
    }

    /// <summary>The commands of a root by what one wants to do, as help shows them.</summary>
    internal static IEnumerable<(string Title, IEnumerable<Command> Commands)> Groups(Command root)
    {
        var next = root.Subcommands.Where(c => !c.Hidden).GetEnumerator();
        foreach (var (title, commands) in Grouped())
            yield return (title, [.. commands.TakeWhile(_ => next.MoveNext()).Select(_ => next.Current)]);
    }

    private static (string Title, Command[] Commands)[] Grouped() =>
    [
        ("Begin", [QuickstartCommand.Build(), PhantomsCommand.Build()]),
        ("A labelling session", [StudioCommand.Build()]),
        ("Radiographs into a dataset", [PrepareCommand.Build(), VerifyCommand.Build(), InspectCommand.Build(), VocabularyCommand.Build()]),
        ("An encoder", [PretrainCommand.Build(), ImportCommand.Build(), EmbedCommand.Build()]),
        (
            "A classifier from few labels",
            [TransferCommand.Build(), ExportCommand.Build(), EvaluateCommand.Build(), RecalibrateCommand.Build(), PredictCommand.Build()]),
        ("Beside the PACS", [ServeCommand.Build()]),
        ("Reports", [ReadCommand.Build(), ScoreCommand.Build()]),
        ("Experiments", [SweepCommand.Build(), ZeroShotCommand.Build(), SimulateCommand.Build(), ReproduceCommand.Build()]),
        ("This program", [DoctorCommand.Build(), BundleCommand.Build(), SelfCheckCommand.Build(), HelpCommand.Build(), CompletionCommand.Build()]),
    ];

    /// <summary>Runs one command line and returns its exit code. Errors are one line each on standard error.</summary>
    internal static async Task<int> RunAsync(string[] args)
    {
        LiveLine.Install();
        PrintableConsole.Install();
        var parsed = Build().Parse(args);
        bool asks = parsed.Action is CommandHelp; // help wins over whatever else is wrong with the line
        if (!asks && ParseErrors.First(parsed) is { } mistake)
        {
            Console.Error.WriteLine($"{TerminalColour.Red("radtex:")} {SettingWords.InFlags(mistake)}");
            Console.Error.WriteLine($"radtex: see '{CommandHelp.Path(parsed.CommandResult.Command)} --help'.");
            return UserMistake;
        }
        try
        {
            // The commands return their exit code; ours, not the library's, handles what they throw.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = LongestEnding,
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (MistakeIn(e, parsed.CommandResult.Command) is { } told)
        {
            return Fail(UserMistake, told, e, parsed);
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

    /// <summary>
    /// What a user can mend, in words: a mistake, or a disk, a file or an output stream that does not let itself be used. Null for faults of the
    /// program.
    /// </summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="command">The command whose option lifts it, where it has one; null to name none.</param>
    internal static string? MistakeIn(Exception e, Command? command = null) => e switch
    {
        UserErrorException mistake => SettingWords.InFlags(command is null ? mistake.Message : WithOption(mistake, command)),
        AggregateException { InnerExceptions: [var only, ..] } => MistakeIn(only, command),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => e.Message,
        IOException when AtomicFile.IsDiskFull(e) => $"No room is left where a result or the program's own output goes: {e.Message}",
        IOException => $"A file or the program's own output could not be used: {e.Message}",
        _ => null,
    };

    /// <summary>The library names a setting, the command its option.</summary>
    private static string WithOption(UserErrorException mistake, Command command) =>
        mistake.Setting is { } setting && command.Options.Any(o => o.Name == $"--{setting}")
            ? $"{mistake.Message.TrimEnd('.')}: --{setting}." : mistake.Message;

    private static int Fail(int exitCode, string message, Exception e, ParseResult parsed)
    {
        try { Console.Error.WriteLine($"{TerminalColour.Red("radtex:")} {message.ReplaceLineEndings(" ")}"); }
        catch (IOException) { return exitCode; } // nobody can be told
        if (parsed.GetValue(Verbose)) AnsiConsole.WriteException(e);
        return exitCode;
    }
}
