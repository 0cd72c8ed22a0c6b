using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Inspection;
using RadTex.Preparing;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex verify DATASET</c>: every hash, count and invariant of a prepared dataset, and that its splits are apart.</summary>
internal static class VerifyCommand
{
    private const int MostShown = 20;

    internal static Command Build()
    {
        var folder = new Argument<string>("DATASET") { Description = "A folder that 'radtex prepare' made." };
        var against = new Option<string[]>("--against")
        {
            Description = "Another prepared dataset, whose test patients and pictures must not be in training or validation here. Repeatable.",
            HelpName = "DATASET",
        };
        var list = new Option<string?>("--list")
        {
            Description = "Write the radiographs that are known from another split to this CSV; 'radtex prepare --exclude' takes it.",
            HelpName = "FILE",
        };
        var force = ForceOption.Of("the file of --list");
        var json = JsonOutput.Option();
        var command = new Command(
            "verify", "Check a prepared dataset: hashes, counts, and that no patient or picture is in two splits.") { folder, against, list, force,
            json };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var path = parsed.GetValue(folder)!;
                if (parsed.GetValue(list) is { } target) OutputFile.Require(target, parsed.GetValue(force));
                DatasetManifest manifest;
                IReadOnlyList<Leak> leaks;
                IReadOnlyList<LeakComparison> comparisons;
                using (var display = new ProgressDisplay())
                {
                    manifest = DatasetVerifier.Verify(path, display, cancellation);
                    using var dataset = PreparedDataset.Open(path);
                    (leaks, comparisons) = LeakFinder.Compare(dataset, parsed.GetValue(against) ?? [], display, cancellation);
                }
                if (parsed.GetValue(list) is { } file) LeakFinder.WriteList(file, leaks);
                bool asJson = parsed.GetValue(json);
                if (asJson)
                    JsonOutput.Write(new { Dataset = path, Verified = leaks.Count == 0, Manifest = manifest, Against = comparisons, Leaks = leaks });
                if (asJson && leaks.Count == 0) return RadTexCommand.Success;
                foreach (var line in asJson ? [] : DatasetReport.Lines(manifest)) Console.WriteLine(line);
                if (!asJson) foreach (var comparison in comparisons) Console.WriteLine($"against   {comparison}");
                foreach (var leak in leaks.Take(asJson ? 0 : MostShown)) Console.WriteLine($"leak      {leak}");
                if (!asJson && leaks.Count > MostShown) Console.WriteLine($"leak      ... and {leaks.Count - MostShown:N0} more");
                if (leaks.Count > 0)
                    throw new UserErrorException(
                        $"{path} does not verify: {leaks.Count:N0} radiographs are known from another "
                            + $"split{(parsed.GetValue(against) is { Length: > 0 } ? " or from a test set" : "")}. "
                        + "Write them down with --list FILE and prepare again with --exclude FILE.");
                Console.WriteLine(manifest.ShortSide < DuplicateFinder.LeastShortSide
                    ? $"{path}: verified; below {DuplicateFinder.LeastShortSide} px only equal pictures are found, not near copies"
                    : $"{path}: verified");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
