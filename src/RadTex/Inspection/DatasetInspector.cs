using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Inspection;

/// <summary>Counts and looks at everything of a prepared dataset a person should see before training on it.</summary>
public static class DatasetInspector
{
    /// <summary>The file the inspection is written to, beside the page.</summary>
    public const string JsonName = "inspection.json";

    private const int GreySteps = 64, WordBin = 10, MostBins = 30, MostOfGroup = 24;

    /// <summary>Looks at every radiograph of a dataset: counts, texts, pictures unlike the others, duplicates.</summary>
    /// <param name="dataset">What is inspected.</param>
    /// <param name="tokenizer">For [UNK] and cut rates; null for none.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DatasetInspection Inspect(
        PreparedDataset dataset, ReportTokenizer? tokenizer = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        var likeness = new PictureLikeness(dataset, progress, cancellation);
        var duplicates = DuplicateFinder.Find(dataset, acrossSplitsOnly: false, progress, cancellation);
        var manifest = dataset.Manifest;
        return new DatasetInspection(
            dataset.Folder, manifest.Hash, manifest.Synthetic, manifest.Source.Kind, manifest.Intensity, dataset.Count, manifest.Splits,
            CountLabels(dataset), CountViews(dataset), CountTogether(dataset), Lengths(dataset, tokenizer, cancellation),
            likeness.Histograms.ToDictionary(h => h.Key.Name(), h => Steps(h.Value)), likeness.Groups(MostOfGroup),
            [.. duplicates.Select(d => new DuplicateImages(
                dataset[d.First].ImageId, dataset[d.First].Split.Name(), dataset[d.Second].ImageId, dataset[d.Second].Split.Name(),
                Math.Round(d.Similarity, 4)))]);
    }

    /// <summary>Writes the inspection, whole or not at all.</summary>
    public static void Write(DatasetInspection inspection, string path) =>
        JsonFile.Write(path, inspection);

    private static SplitLabelCounts[] CountLabels(PreparedDataset dataset)
    {
        var bySplit = SplitNames.All.ToDictionary(
            split => split.Name(), split => DatasetSummary.CountLabels([.. dataset.IndicesOf(split).Select(i => dataset[i])], dataset.LabelNames));
        return [.. dataset.LabelNames.Select((name, i) => new SplitLabelCounts(name, bySplit.ToDictionary(s => s.Key, s => s.Value[i])))];
    }

    private static ViewCounts[] CountViews(PreparedDataset dataset) =>
    [
        .. dataset.Radiographs.GroupBy(r => r.View).OrderByDescending(v => v.Count()).ThenBy(v => v.Key, StringComparer.Ordinal)
            .Select(v => new ViewCounts(v.Key, SplitNames.All.ToDictionary(s => s.Name(), s => v.Count(r => r.Split == s)))),
    ];

    private static int[][] CountTogether(PreparedDataset dataset)
    {
        int n = dataset.LabelNames.Count;
        var counts = Enumerable.Range(0, n).Select(_ => new int[n]).ToArray();
        foreach (var radiograph in dataset.Radiographs)
        {
            int[] positive = [.. Enumerable.Range(0, n).Where(i => radiograph.Labels[i] > 0)];
            foreach (int i in positive)
                foreach (int j in positive) counts[i][j]++;
        }
        return counts;
    }

    private static CaptionLengths Lengths(PreparedDataset dataset, ReportTokenizer? tokenizer, CancellationToken cancellation)
    {
        string[] captions = [.. dataset.Radiographs.Where(r => r.Text is not null).DistinctBy(r => (r.Study, r.Text)).Select(r => r.Text!)];
        int[] words = [.. captions.Select(c => c.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length)];
        var histogram = new int[words.Length == 0 ? 0 : Math.Min(MostBins, words.Max() / WordBin + 1)];
        foreach (int count in words) histogram[Math.Min(count / WordBin, histogram.Length - 1)]++;
        return new CaptionLengths(
            dataset.Manifest.Text.Policy, captions.Length, words.DefaultIfEmpty().Average(), WordBin, histogram,
            tokenizer is null ? null : TokenStatistics.Measure(tokenizer, captions, cancellation), new Dictionary<string, int>());
    }

    private static IReadOnlyList<double> Steps(long[] histogram)
    {
        double total = Math.Max(1, histogram.Sum());
        return [.. histogram.Chunk(256 / GreySteps).Select(part => Math.Round(part.Sum() / total, 6))];
    }
}
