using System.CommandLine;
using RadTex.Data;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex verify DATASET</c>: every hash, count and invariant of a prepared dataset.</summary>
internal static class VerifyCommand
{
    internal static Command Build()
    {
        var folder = new Argument<string>("DATASET") { Description = "A folder that 'radtex prepare' made." };
        var command = new Command("verify", "Check a prepared dataset: hashes, counts, and that no patient is in two splits.") { folder };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                DatasetManifest manifest;
                using (var display = new ProgressDisplay()) manifest = DatasetVerifier.Verify(parsed.GetValue(folder)!, display, cancellation);
                foreach (var line in DatasetReport.Lines(manifest)) Console.WriteLine(line);
                Console.WriteLine($"{parsed.GetValue(folder)}: verified");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
