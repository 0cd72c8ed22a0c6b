using RadTex.Data;
using RadTex.Learning.Models.Decoding;
using RadTex.Metrics;
using RadTex.Metrics.Captions;
using RadTex.Metrics.Intervals;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Learning.Reading;

/// <summary>Generates the reports of a split and scores them, the baselines always beside.</summary>
public static class ReportEvaluation
{
    /// <summary>Training radiographs the nearest neighbour is sought among.</summary>
    public const int MostNeighbours = 20_000;

    /// <summary>Writes a report for each radiograph of a split and scores it against the true one, beside baselines.</summary>
    /// <param name="reader">The model.</param>
    /// <param name="dataset">With reports; its training split feeds the baselines.</param>
    /// <param name="split">Which radiographs, one a study.</param>
    /// <param name="most">At most so many; null for all.</param>
    /// <param name="decoding">How reports are generated.</param>
    /// <param name="progress">Counts reports.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The reports, and a score a source: the model's first.</returns>
    public static (IReadOnlyList<ReadReport> Reports, IReadOnlyList<ReportScore> Scores) Run(
        RadiographReader reader, PreparedDataset dataset, Split split, int? most, IDecoding decoding, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        var images = ReadingInputs.Of(reader.Card).OfSplit(dataset, split, most, withText: true);
        var reports = new List<ReadReport>();
        foreach (var report in reader.Read(images, decoding, cancellation: cancellation))
        {
            reports.Add(report);
            progress?.Report(new("reading", reports.Count, images.Count, "radiographs"));
        }
        string[] generated = [.. reports.Select(r => r.Text)];
        ReportSource[] sources =
        [
            new(ReportSource.Generated, generated), ReportBaselines.Constant(dataset, images.Count),
            ReportBaselines.Nearest(reader, dataset, images, MostNeighbours, cancellation), ReportBaselines.Shuffled(generated, images),
        ];
        var r2gen = R2GenText.From(ReportBaselines.TrainingTexts(dataset));
        return (reports, Score(sources, [.. images.Select(i => i.TrueText!)], [.. images.Select(i => i.PatientId)], r2gen));
    }

    /// <summary>Scores sources of reports, the model's first.</summary>
    public static IReadOnlyList<ReportScore> Score(
        IReadOnlyList<ReportSource> sources, IReadOnlyList<string> truth, IReadOnlyList<string> patients, R2GenText r2gen)
    {
        var names = ChexpertFindings.Names;
        var stated = truth.Select(FindingLabeller.States).ToList();
        int[] present = [.. Enumerable.Range(0, names.Count).Where(f => stated.Exists(row => row[f]))];
        int[] patientOf = [.. patients.Select(p => Array.IndexOf([.. patients], p))];
        var found = sources.Select(s => s.Texts.Select(FindingLabeller.States).ToList()).ToList();
        double? F1(int source, IEnumerable<int> rows)
        {
            int[] chosen = [.. rows];
            return present.Length == 0 ? null : present.Average(f => Counts(f, stated, found[source], chosen).F1);
        }
        return [.. sources.Select((source, s) =>
        {
            TextScores Texts(Func<string, IReadOnlyList<string>> words) =>
                TextScores.Of([.. source.Texts.Zip(truth, (text, reference) => new TextPair(words(text), words(reference)))]);
            var ahead = s == 0 ? null : Bootstrap.PairedDifference(patientOf, rows => F1(0, rows), rows => F1(s, rows), seed: 1, resamples: 1_000);
            return new ReportScore(
                source.Name, Texts(BertWords.Split), Texts(r2gen.Words), FindingAgreement.Of(names, stated, found[s]),
                F1(s, Enumerable.Range(0, truth.Count)) ?? 0, ahead);
        })];
    }

    private static ConfusionCounts Counts(int finding, List<IReadOnlyList<bool>> truth, List<IReadOnlyList<bool>> found, int[] rows)
    {
        int hits = 0, positives = 0, called = 0;
        foreach (int row in rows)
        {
            if (truth[row][finding]) positives++;
            if (found[row][finding]) called++;
            if (truth[row][finding] && found[row][finding]) hits++;
        }
        return new(hits, called - hits, rows.Length - positives - called + hits, positives - hits);
    }
}
