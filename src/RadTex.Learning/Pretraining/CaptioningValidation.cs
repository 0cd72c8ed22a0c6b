using RadTex.Data;
using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// The captioning loss on held-out studies, without augmentation or dropout, weighted by token; and the same with each caption
/// beside another study's radiograph. The difference is what the captions owe to the image: without it, language alone was learnt.
/// </summary>
/// <param name="dataset">Holds the radiographs.</param>
/// <param name="tokens">Their captions.</param>
/// <param name="images">Makes the views.</param>
/// <param name="radiographs">Those that are measured.</param>
/// <param name="batchSize">Radiographs at a time; changes no figure but by rounding.</param>
/// <param name="device">Where the model lies.</param>
internal sealed class CaptioningValidation(
    PreparedDataset dataset, CaptionTokens tokens, RadiographBatches images, IReadOnlyList<int> radiographs, int batchSize, Device device)
{
    private const long ShuffleSeed = 0; // one pairing for all runs of a dataset, so that they compare
    private readonly int[]? partners = Partners(radiographs, dataset.Studies.StudyOf);

    internal IReadOnlyList<(string Name, double Value)> Measure(RadTexModel model, CancellationToken cancellation)
    {
        using var _ = no_grad();
        model.eval();
        Sums own = new(), shuffled = new();
        for (int start = 0; start < radiographs.Count; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int[] rows = [.. Enumerable.Range(start, Math.Min(batchSize, radiographs.Count - start))];
            var features = model.Encode(images.CentreViews([.. rows.Select(r => radiographs[r])]).to(device));
            Add(own, model, features, rows);
            if (partners is not null) Add(shuffled, model, features, [.. rows.Select(r => partners[r])]);
        }
        List<(string, double)> figures =
        [
            ("loss", (own.Forward + own.Backward) / own.Tokens), ("forward", own.Forward / own.Tokens), ("backward", own.Backward / own.Tokens),
        ];
        if (partners is not null)
        {
            figures.Add(("shuffled_loss", (shuffled.Forward + shuffled.Backward) / shuffled.Tokens));
            figures.Add(("shuffled_forward", shuffled.Forward / shuffled.Tokens));
            figures.Add(("shuffled_backward", shuffled.Backward / shuffled.Tokens));
        }
        return figures;
    }

    /// <summary>
    /// For each place the place of another study's radiograph, each used once: studies in random order, their radiographs end to end,
    /// shifted by the longest study. Null where a study holds more than half of them.
    /// </summary>
    internal static int[]? Partners<TStudy>(IReadOnlyList<int> radiographs, Func<int, TStudy> study) where TStudy : notnull
    {
        var studies = Enumerable.Range(0, radiographs.Count).GroupBy(r => study(radiographs[r])).ToList();
        int longest = studies.Max(s => s.Count());
        if (longest * 2 > radiographs.Count) return null;
        int[] order = [.. new CounterRandom((ulong)ShuffleSeed).Permutation(studies.Count).SelectMany(s => studies[s])];
        var partners = new int[order.Length];
        for (int i = 0; i < order.Length; i++) partners[order[i]] = order[(i + longest) % order.Length];
        return partners;
    }

    private void Add(Sums sums, RadTexModel model, Tensor features, int[] captionRows)
    {
        using var captions = CaptionBatch.Pack([.. captionRows.Select(r => tokens[radiographs[r]])], device);
        var losses = CaptioningLoss.Evaluate(model, model.Decode(features, captions), captions);
        sums.Forward += losses.Forward * captions.Count;
        sums.Backward += losses.Backward * captions.Count;
        sums.Tokens += captions.Count;
    }

    private sealed class Sums
    {
        internal double Forward, Backward;
        internal long Tokens;
    }
}
