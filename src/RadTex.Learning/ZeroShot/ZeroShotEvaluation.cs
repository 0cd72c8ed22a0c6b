using System.Globalization;
using CsvHelper;
using RadTex.Data;
using RadTex.Files;
using RadTex.Inspection;
using RadTex.Learning.Pretraining;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Studies;

namespace RadTex.Learning.ZeroShot;

/// <summary>
/// Findings told without any label, from the texts a model was pretrained on: the 0-label point of the paper's Figure 2. Leaves <c>report.html</c>,
/// <c>results.json</c> and <c>scores.csv</c>, which first picks of labelling can be balanced by (<see cref="ScoreTable"/>).
/// </summary>
internal static class ZeroShotEvaluation
{
    public const string Report = "report.html", Results = "results.json", Scores = "scores.csv";

    /// <param name="model">Asked.</param>
    /// <param name="dataset">Stays the caller's.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">
    /// A label or split is unknown, the model saw test radiographs, or the folder holds something else.
    /// </exception>
    public static ZeroShotResult Run(
        TextAffinity model, PreparedDataset dataset, ZeroShotOptions options, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        options = options.Validated();
        int[] labels = [.. options.Findings.Select(dataset.LabelIndex)];
        string[] findings = [.. labels.Select(l => dataset.LabelNames[l])];
        var prompts = FindingPrompts.Read(findings, options.Prompts);
        dataset.RequireIntensity(model.Card.Intensity, "The model");
        int[] scored = [.. options.Split is { } split ? dataset.IndicesOf(split) : Enumerable.Range(0, dataset.Count)];
        // Other scores are for choosing what to label; figures of what the model learnt from, or was watched on, would be void.
        var measuredSplit = options.Split ?? Split.Test;
        int[] measured = [.. scored.Where(i => measuredSplit != Split.Train && dataset[i].Split == measuredSplit)];
        if (scored.Length == 0)
            throw new UserErrorException($"{dataset.Folder} has no radiographs of split {options.Split!.Value.Name()}. Choose another split.");
        var seen = Seen(model, dataset, measured, options.PatientsDiffer);
        var images = new RadiographBatches(dataset, model.Input);
        using var claim = OutputFolder.Open(options.Output, FolderKind.ZeroShot, new Dictionary<string, string>
        {
            ["model"] = model.Card.WeightsSha256,
            ["dataset"] = dataset.Hash,
        });
        return claim.Do(() =>
        {
            var values = Ask(model, images, scored, prompts, options.BatchSize, progress, cancellation);
            var retrieval = model is PromptCosine cosine
                ? Retrieval.Of(cosine, images, dataset, measured, options.BatchSize, cancellation) : [];
            FindingAuc[] told = [.. findings.Select((finding, f) => Measure(dataset, finding, labels[f], measured, Of(measured, scored, values[f])))];
            List<string> notes = [seen];
            if (measured.Length == 0) notes.Insert(0, "Training radiographs have scores but no figures.");
            else if (told.Any(f => f.Interval is null))
                notes.Insert(0, $"n/a: under {ClusteredAuc.FewestOfAClass} radiographs with or without a finding there is no interval.");
            var result = new ZeroShotResult(
                model.Card.Synthetic || dataset.Manifest.Synthetic, (model.Name, model.Card.WeightsSha256), model.Method,
                (measured.Length, scored.Length), prompts, told, retrieval)
            { Notes = notes };
            claim.RequireThere();
            Write(result, dataset, scored, values, options.Output);
            return result;
        });
    }

    // [findings][radiographs]
    private static double[][] Ask(
        TextAffinity model, RadiographBatches images, int[] radiographs, IReadOnlyList<FindingPrompts> prompts, int batchSize,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var dataset = images.Dataset;
        string[] texts = [.. prompts.SelectMany(p => p.Present.Concat(p.Absent)).Distinct(StringComparer.Ordinal)];
        var affinities = model.Measure(images, radiographs, texts, batchSize, progress, cancellation);
        int[] patients = [.. radiographs.Select(dataset.Studies.PatientOf)];
        int[] Columns(IReadOnlyList<string> of) => [.. of.Select(text => Array.IndexOf(texts, text))];
        return [.. prompts.Select(p => model.Scores(affinities, patients, Columns(p.Present), Columns(p.Absent)))];
    }

    private static double[] Of(int[] some, int[] radiographs, double[] values)
    {
        var known = radiographs.Zip(values).ToDictionary(p => p.First, p => p.Second);
        return [.. some.Select(i => known[i])];
    }

    private static FindingAuc Measure(PreparedDataset dataset, string finding, int label, int[] radiographs, double[] scores)
    {
        int[] known = [.. Enumerable.Range(0, radiographs.Length).Where(r => dataset[radiographs[r]].Labels[label] is >= 0)];
        double[] values = [.. known.Select(r => scores[r])];
        bool[] truth = [.. known.Select(r => dataset[radiographs[r]].Labels[label] > 0)];
        int positives = truth.Count(t => t);
        var (interval, reason) = ClusteredAuc.Of(values, truth, [.. known.Select(r => dataset.Studies.PatientOf(radiographs[r]))]);
        return new(finding, positives, truth.Length - positives, Roc.Auc(values, truth), interval, reason);
    }

    private static string Seen(TextAffinity model, PreparedDataset dataset, int[] measured, bool patientsDiffer)
    {
        var run = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Name)))!;
        var encoder = Path.Combine(run, RunLayout.Encoder);
        return SeenCheck.Require(encoder, SeenRadiographs.Read(encoder), dataset, measured, patientsDiffer) + ".";
    }

    private static void Write(ZeroShotResult result, PreparedDataset dataset, int[] radiographs, double[][] values, string folder)
    {
        AtomicFile.Write(Path.Combine(folder, Scores), stream =>
        {
            using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
            csv.WriteRecord(["image_id", .. result.Findings.Select(f => f.Finding)]);
            for (int r = 0; r < radiographs.Length; r++)
                csv.WriteRecord([dataset[radiographs[r]].ImageId, .. values.Select(v => v[r].ToString("G9", CultureInfo.InvariantCulture))]);
        });
        JsonFile.Write(Path.Combine(folder, Results), ZeroShotPage.Content(result));
        ZeroShotPage.Build(result).Save(Path.Combine(folder, Report));
    }
}
