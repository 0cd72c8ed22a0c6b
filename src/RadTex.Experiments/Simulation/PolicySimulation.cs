using System.Text.Json;
using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Transfer;
using RadTex.Selection;
using RadTex.Studies;

namespace RadTex.Experiments.Simulation;

/// <summary>
/// Labelling replayed over policies on a dataset whose labels are known: the training split is the pool, the test split what is measured on. Leaves
/// <c>report.html</c>, <c>results.json</c> and <c>replays.jsonl</c>; killed at any point, the same call goes on where it stopped.
/// </summary>
public static class PolicySimulation
{
    /// <summary>The page that people read, in the output folder.</summary>
    public const string Report = "report.html";

    /// <summary>The same figures for programs, in the output folder.</summary>
    public const string Results = "results.json";

    /// <summary>A line a finished replay, from which an interrupted run goes on.</summary>
    public const string Journal = "replays.jsonl";

    private const string FeaturesFolder = "features";

    /// <summary>Replays every policy, label and seed that is not finished yet, and writes page and figures.</summary>
    /// <param name="extractor">The encoder.</param>
    /// <param name="dataset">With a training and a test split.</param>
    /// <param name="options">What to run.</param>
    /// <param name="progress">Counts radiographs, then replays.</param>
    /// <param name="cancellation">Stops between batches and labels.</param>
    /// <exception cref="UserErrorException">
    /// A label is unknown, has grades or too few radiographs; the encoder saw test patients; or the folder holds another comparison.
    /// </exception>
    public static SimulationResult Run(
        FeatureExtractor extractor, PreparedDataset dataset, SimulationOptions options, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        options = options.Validated();
        using var claim = OutputFolder.Open(options.Output, FolderKind.Simulation);
        return claim.Do(() => Run(claim, extractor, dataset, options, progress, cancellation));
    }

    private static SimulationResult Run(
        OutputFolder claim, FeatureExtractor extractor, PreparedDataset dataset, SimulationOptions options, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        int[] train = [.. dataset.IndicesOf(Split.Train)], test = [.. dataset.IndicesOf(Split.Test)];
        if (train.Length == 0 || test.Length == 0)
            throw new UserErrorException($"{dataset.Folder} lacks a training or a test split. Prepare it with both.");
        extractor.Source.MeasureOn(dataset, train);
        var seen = SeenCheck.Require(extractor.Source.Name, extractor.Source.Seen, dataset, test, options.EncoderPatientsDiffer);
        var (pictures, _) = PictureLeaks.Require(dataset, train, dataset, test, "training", progress, cancellation);
        RadiographFeatures Extract(int[] rows, string name)
        {
            claim.RequireThere();
            return extractor.Extract(
                dataset, rows, Path.Combine(options.Output, FeaturesFolder, name), progress: progress, cancellation: cancellation);
        }
        var (pool, tested) = (Extract(train, "train"), Extract(test, "test"));
        PolicyCase[] cases = [.. options.Labels.Select(label => Case(label, dataset, pool, tested, options))];

        var identity = new Identity(
            extractor.Source.Card.WeightsSha256, dataset.Hash, [.. options.Sizes], options.Prior is null ? null : FileHash.Sha256(options.Prior));
        using var journal = LineJournal<PolicyStudy.Finished>.Open(Path.Combine(options.Output, Journal), identity, identity.DifferenceFrom);
        var finished = PolicyStudy.Run(
            new(cases, options.Policies, options.Replays, options.Sizes), journal.Found, journal.Add, progress, cancellation);
        var rows = PolicyStudy.Rows(finished);
        var result = new SimulationResult(cases, finished, rows, PolicyStudy.Default(rows), dataset.Manifest.Synthetic, [$"{seen}.", pictures]);
        claim.RequireThere();
        Write(result, extractor.Source.Name, options.Output);
        return result;
    }

    private static PolicyCase Case(
        string label, PreparedDataset dataset, RadiographFeatures pool, RadiographFeatures tested, SimulationOptions options)
    {
        int most = options.Sizes[^1];
        var task = TransferTask.Parse(label);
        var (train, test) = (pool.Pool.ToLearn(task), tested.Pool.ToLearn(task));
        if (train.ClassCount > 2 || test.ClassCount > 2)
            throw new UserErrorException(
                $"'{label}' has {Math.Max(train.ClassCount, test.ClassCount)} grades. Expected labels of two classes, or 'A vs B'.");
        if (test.Classes.Distinct().Count() < 2)
            throw new UserErrorException($"'{label}' shows one class only in the test split of {dataset.Folder}: no AUC can be had. Name another.");
        if (train.Rows.Length < most)
            throw new UserErrorException(
                $"'{label}' is known of {train.Rows.Length:N0} training radiographs, and {most:N0} are to be labelled. Take fewer.");
        var asked = pool.Select(train.Rows);
        var prior = options.Prior is null ? null : ScoreTable.Read(options.Prior, asked.Radiographs, task.Label);
        return new(
            task.Name, new(asked, train.Classes, tested.Select(test.Rows), [.. test.Classes.Select(c => c == 1)], prior), train.Classes.Average());
    }

    private static void Write(SimulationResult result, string encoder, string folder)
    {
        AtomicFile.WriteAllText(Path.Combine(folder, Results), JsonSerializer.Serialize(
            new
            {
                result.Synthetic,
                Encoder = encoder,
                result.Default,
                result.Rows,
                Cases = result.Cases.Select(c => new { c.Name, c.Prevalence }),
                result.Notes,
            },
            JsonFormat.Indented) + "\n");
        PolicyStudyPage.Make(result.Finished, result.Cases, encoder, result.Synthetic).Save(Path.Combine(folder, Report));
    }

    /// <summary>What the replays of a journal are of.</summary>
    private sealed record Identity(string EncoderSha256, string DatasetHash, int[] Sizes, string? PriorSha256 = null)
    {
        internal string? DifferenceFrom(Identity other) =>
            EncoderSha256 != other.EncoderSha256 ? "of another encoder"
            : DatasetHash != other.DatasetHash ? "of another dataset"
            : PriorSha256 != other.PriorSha256 ? "with other scores known before"
            : !Sizes.SequenceEqual(other.Sizes) ? $"measured at {string.Join(", ", other.Sizes)} labels, not {string.Join(", ", Sizes)}"
            : null;
    }
}
