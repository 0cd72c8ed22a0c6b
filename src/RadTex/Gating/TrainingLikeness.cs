using MathNet.Numerics.Distributions;
using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// What the radiographs that a model learnt from look like, to it: their typical picture, and the distribution of their shapes and of the
/// encoder's pooled features. A picture farther from them than all but one in 400 radiographs that were left out is unlike them.
/// </summary>
/// <remarks>
/// The distance is Mahalanobis's on features and shapes together (Lee et al. 2018 on features alone; shapes tell where things are, which pooling
/// forgets). Thresholds are quantiles of radiographs that the distribution was not learnt from: five folds of patients. With few radiographs the
/// quantile is no less than the prediction bound of normal logarithms. How well it works: docs/results/gate.md.
/// </remarks>
public sealed class TrainingLikeness
{
    /// <summary>With fewer radiographs nothing is learnt: their spread is not known well enough.</summary>
    public const int LeastRadiographs = 100;

    /// <summary>The part of left-out training radiographs inside each threshold.</summary>
    public const double Quantile = 0.9975;

    private const int Folds = 5, LeastPatients = 20;

    private readonly double[] typical;
    private readonly PictureComponents components;
    private readonly ShrunkGaussian distribution;

    internal TrainingLikeness(LikenessCard card, double[] typical, PictureComponents components, ShrunkGaussian distribution) =>
        (Card, this.typical, this.components, this.distribution) = (card, typical, components, distribution);

    /// <summary>What it was learnt from, and its thresholds.</summary>
    public LikenessCard Card { get; }

    internal double[] Typical => typical;

    internal PictureComponents Components => components;

    internal ShrunkGaussian Distribution => distribution;

    /// <summary>Learns from radiographs; null where they are too few (<see cref="LeastRadiographs"/> of 20 patients).</summary>
    /// <param name="sample">The radiographs.</param>
    /// <param name="source">Whose they are, in words, such as "the train split of dataset 890c6eba7704".</param>
    /// <param name="weightsSha256">Of the encoder whose features they are.</param>
    internal static TrainingLikeness? Learn(LikenessSample sample, string source, string weightsSha256)
    {
        if (sample.Count > LikenessSample.Most) sample = sample.Select(LikenessSample.Draw(sample.Count, LikenessSample.Most));
        var patients = sample.Patients.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (sample.Count < LeastRadiographs || patients.Length < LeastPatients) return null;
        var places = new CounterRandom(3).Permutation(patients.Length);
        var foldOf = patients.Select((p, i) => (p, Fold: places[i] % Folds)).ToDictionary(p => p.p, p => p.Fold, StringComparer.Ordinal);
        double[] distances = new double[sample.Count], laterals = new double[sample.Count];
        for (int fold = 0; fold < Folds; fold++)
        {
            var inside = Enumerable.Range(0, sample.Count).ToLookup(i => foldOf[sample.Patients[i]] != fold);
            var (typical, components, distribution) = Fit(sample.Select([.. inside[true]]));
            foreach (int i in inside[false])
            {
                distances[i] = DistanceOf(components, distribution, sample.Shapes[i], sample.Row(i));
                laterals[i] = LateralShape.Excess(sample.Shapes[i], PictureShape.Dot(sample.Shapes[i].Standardised(), typical));
            }
        }
        var whole = Fit(sample);
        var card = new LikenessCard(
            source, weightsSha256, sample.Width, sample.Count, patients.Length, Quantile, Threshold(distances), Math.Max(0, QuantileOf(laterals)));
        return new(card, whole.Typical, whole.Components, whole.Distribution);
    }

    /// <summary>How far features and shape lie from the training radiographs' centre; 1 is usual.</summary>
    internal double Distance(PictureShape shape, ReadOnlySpan<float> features) =>
        features.Length == Card.Features
            ? DistanceOf(components, distribution, shape, features)
            : throw new ArgumentException($"{features.Length} features; the training radiographs have {Card.Features}", nameof(features));

    /// <summary>The same with a threshold that none of these radiographs is beyond: what a head learnt from is not refused to it.</summary>
    internal TrainingLikeness Admitting(LikenessSample sample, string source)
    {
        double most = Enumerable.Range(0, sample.Count).Select(i => Distance(sample.Shapes[i], sample.Row(i))).DefaultIfEmpty(0).Max();
        var card = Card with { Source = $"{Card.Source}, and {source}", Threshold = Math.Max(Card.Threshold, most) };
        return new(card, typical, components, distribution);
    }

    /// <summary>
    /// The same for features that are a little off, as those in int8 are: the threshold in proportion to where the quantile of the same
    /// radiographs' distances lies, with these features and with those.
    /// </summary>
    /// <param name="exact">Radiographs with the features that this was learnt from.</param>
    /// <param name="off">The same radiographs with the others.</param>
    /// <param name="type">What the others are, in words, such as "int8".</param>
    internal TrainingLikeness Rescaled(LikenessSample exact, LikenessSample off, string type)
    {
        if (exact.Count == 0) return this;
        double Largest(LikenessSample sample) =>
            QuantileOf([.. Enumerable.Range(0, sample.Count).Select(i => Distance(sample.Shapes[i], sample.Row(i)))]);
        var card = Card with
        {
            Source = $"{Card.Source}; the threshold rescaled to the {type} features of {exact.Count:N0} radiographs",
            Threshold = Card.Threshold * Largest(off) / Math.Max(Largest(exact), 1e-12),
        };
        return new(card, typical, components, distribution);
    }

    /// <summary>The same for a model whose first features these are.</summary>
    internal TrainingLikeness ForWeights(string sha256) => new(Card with { WeightsSha256 = sha256 }, typical, components, distribution);

    private static (double[] Typical, PictureComponents Components, ShrunkGaussian Distribution) Fit(LikenessSample sample)
    {
        var components = PictureComponents.Of(sample.Shapes);
        double[][] rows = [.. Enumerable.Range(0, sample.Count).Select(i => RowOf(components, sample.Shapes[i], sample.Row(i)))];
        return (PictureShape.Typical(sample.Shapes, frontal: true), components, ShrunkGaussian.Of(rows));
    }

    private static double DistanceOf(PictureComponents components, ShrunkGaussian distribution, PictureShape shape, ReadOnlySpan<float> features) =>
        distribution.Distance(RowOf(components, shape, features));

    private static double[] RowOf(PictureComponents components, PictureShape shape, ReadOnlySpan<float> features)
    {
        var row = new double[features.Length + components.Width]; // [F + k + 1]
        for (int f = 0; f < features.Length; f++) row[f] = features[f];
        components.Fill(shape, row.AsSpan(features.Length));
        return row;
    }

    private static double Threshold(double[] distances)
    {
        double[] logs = [.. distances.Select(d => Math.Log(Math.Max(d, 1e-12)))];
        double mean = logs.Average(), deviation = Math.Sqrt(logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1));
        double bound = mean + StudentT.InvCDF(0, 1, logs.Length - 1, Quantile) * deviation * Math.Sqrt(1 + 1.0 / logs.Length);
        return Math.Max(QuantileOf(distances), Math.Exp(bound));
    }

    private static double QuantileOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        double position = Quantile * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }
}
