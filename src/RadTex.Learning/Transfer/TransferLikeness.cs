using System.Text.RegularExpressions;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Learning.Pretraining;

namespace RadTex.Learning.Transfer;

/// <summary>What the radiographs that heads learnt from look like to their encoder: kept beside the heads, for the gate.</summary>
internal static partial class TransferLikeness
{
    /// <summary>
    /// Learns from the radiographs whose labels were drawn. Where they are too few the encoder's own training radiographs serve, and none of
    /// these is beyond them. A folder keeps what was learnt from the most radiographs.
    /// </summary>
    /// <returns>In words, what serves.</returns>
    internal static string Keep(string folder, EncoderSource source, PreparedDataset dataset, RadiographFeatures features)
    {
        int[] rows = [.. Enumerable.Range(0, features.Count)];
        var values = new float[features.Count * features.Width];
        foreach (int row in rows) features.Row(row).CopyTo(values.AsSpan(row * features.Width));
        var sample = EncoderLikeness.Sample(dataset, [.. features.Radiographs.Select(r => r.Index)], features.Width, values);
        return Keep(folder, sample, dataset, source.Card.WeightsSha256, source.Likeness);
    }

    internal static string Keep(string folder, LikenessSample sample, PreparedDataset dataset, string weightsSha256, TrainingLikeness? encoders)
    {
        var learnt = TrainingLikeness.Learn(sample, EncoderLikeness.SourceOf(dataset), weightsSha256)
            ?? encoders?.Admitting(sample, $"{sample.Count:N0} labelled {EncoderLikeness.SourceOf(dataset)}");
        if (EarlierOf(folder, weightsSha256) is { } earlier && earlier.Card.Radiographs > (learnt?.Card.Radiographs ?? 0)) learnt = earlier;
        LikenessFile.Write(folder, learnt);
        return learnt is null
            ? $"The gate: {sample.Count:N0} radiographs are too few to tell what is unlike them (at least {TrainingLikeness.LeastRadiographs}), "
                + "and the encoder carries none of its own: lateral and foreign pictures without a header will be judged."
            : $"The gate will refuse radiographs farther than {learnt.Card.Threshold:0.00} from those of training: "
                + $"{learnt.Card.Radiographs:N0} {LongHash().Replace(learnt.Card.Source, "$1")}.";
    }

    // A line for a person: the file has the whole hashes.
    [GeneratedRegex("([0-9a-f]{12})[0-9a-f]{52}")]
    private static partial Regex LongHash();

    private static TrainingLikeness? EarlierOf(string folder, string weightsSha256)
    {
        try { return LikenessFile.Read(folder, weightsSha256); }
        catch (UserErrorException) { return null; } // of another encoder, or damaged: it is replaced
    }
}
