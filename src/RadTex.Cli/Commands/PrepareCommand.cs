using System.CommandLine;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex prepare SOURCE ...</c>: an archive or a table into a prepared dataset.</summary>
internal static class PrepareCommand
{
    internal static Command Build()
    {
        var command = new Command(
            "prepare", "Turn an archive or a table of radiographs into a prepared dataset. An interrupted run goes on where it stopped.");
        foreach (var (source, make) in PrepareSources.Build()) command.Subcommands.Add(Complete(source, make));
        return command;
    }

    private static Command Complete(Command command, Func<ParseResult, StudySource> source)
    {
        var common = new PrepareOptions();
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var options = common.Read(parsed);
                if (common.IsDryRun(parsed))
                {
                    foreach (var line in DatasetPreview.Lines(source(parsed), options, cancellation)) Console.WriteLine(SettingWords.InFlags(line));
                    return RadTexCommand.Success;
                }
                PreparationResult result;
                using (var display = new ProgressDisplay())
                    result = DatasetPreparation.Run(source(parsed), options, new MessageLogger(), display, cancellation);
                foreach (var line in DatasetReport.Lines(result)) Console.WriteLine(line);
                Console.WriteLine($"{options.Output}: {(result.WasThere ? "this dataset was there already; nothing was done" : "prepared")}");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
