using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Reading;

/// <summary>Reports that take no model to write, or a model that looks at the wrong picture: what generated reports are held against.</summary>
internal static class ReportBaselines
{
    /// <summary>
    /// The most frequent report of the training split that states no finding, for every radiograph; where none is normal, the most frequent of all.
    /// </summary>
    internal static ReportSource Constant(PreparedDataset dataset, int count)
    {
        var frequent = TrainingTexts(dataset).CountBy(text => text, StringComparer.Ordinal).OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key).ToList();
        if (frequent.Count == 0) throw new UserErrorException($"{dataset.Folder} has no report in its training split to take baselines from.");
        var normal = frequent.Find(text => FindingLabeller.Label(text).ContainsKey(ChexpertFindings.NoFinding)) ?? frequent[0];
        return new(ReportSource.Constant, [.. Enumerable.Repeat(normal, count)]);
    }

    /// <summary>
    /// The report of the training radiograph whose pooled encoder features have the largest cosine, of at most <paramref name="most"/> candidates.
    /// </summary>
    internal static ReportSource Nearest(
        RadiographReader reader, PreparedDataset dataset, IReadOnlyList<ReadingImage> images, int most, CancellationToken cancellation)
    {
        var candidates = new ReadingInputs(reader.Input.ImageSize, null).OfSplit(dataset, Split.Train, most, withText: true);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (known, asked) = (Features(reader, candidates, cancellation), Features(reader, images, cancellation));
        var nearest = asked.mm(known.t()).argmax(1).data<long>().ToArray();
        return new(ReportSource.Nearest, [.. nearest.Select(i => candidates[(int)i].TrueText!)]);
    }

    /// <summary>Each report given to another patient's radiograph: what is left is what the model says of any picture.</summary>
    internal static ReportSource Shuffled(IReadOnlyList<string> generated, IReadOnlyList<ReadingImage> images)
    {
        int n = images.Count;
        // A shift by half: radiographs of a patient stand close together.
        int Other(int i) =>
            Enumerable.Range(0, n).Select(step => (i + n / 2 + step) % n).FirstOrDefault(j => images[j].PatientId != images[i].PatientId, i);
        return new(ReportSource.Shuffled, [.. Enumerable.Range(0, n).Select(i => generated[Other(i)])]);
    }

    internal static IEnumerable<string> TrainingTexts(PreparedDataset dataset) =>
        dataset.Studies.OnePerStudy(dataset.IndicesOf(Split.Train).Where(i => dataset[i].Text is not null)).Select(i => dataset[i].Text!);

    // Centred on the mean: pooled features have a large one, beside which all cosines are near 1. Rows of length 1.
    private static Tensor Features(RadiographReader reader, IReadOnlyList<ReadingImage> images, CancellationToken cancellation)
    {
        var parts = new List<Tensor>();
        foreach (var batch in images.Chunk(32))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            parts.Add(reader.Model.Encode(reader.Batch(batch)).mean([2L, 3L]).MoveToOuterDisposeScope());
        }
        var all = cat([.. parts], 0);
        all = all - all.mean([0L], keepdim: true);
        return all / all.norm(1, keepdim: true).clamp_min(Scalars.Of(1e-12));
    }
}
