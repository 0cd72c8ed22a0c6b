using Google.Protobuf;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using RadTex.Metrics;
using RadTex.Prediction.Onnx;
using RadTex.Studies;

namespace RadTex.Learning.Export;

/// <summary>Writes an int8 model, calibrated on a prepared dataset, and measures what that costs.</summary>
public static class Int8Export
{
    /// <summary>Features may be off by this part of their deviation (root mean square); more means that the calibration missed.</summary>
    public const double Tolerance = 0.5;

    private const int BatchSize = 16;

    /// <summary>Quantises an encoder with its heads to int8, writes it, and measures what that changed.</summary>
    /// <param name="source">The encoder, on the CPU.</param>
    /// <param name="heads">Of this encoder; their AUC on the test split is measured.</param>
    /// <param name="dataset">Calibrated on its training split (on all of it where that is empty), tested on its test split.</param>
    /// <param name="count">Radiographs to calibrate on, spread evenly.</param>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The features' deviation relative to their spread, and each head's AUC and the change of its probabilities.</returns>
    /// <exception cref="UserErrorException">The dataset does not fit the encoder, or int8 loses what the encoder sees.</exception>
    public static (double FeatureError, IReadOnlyList<QuantisedAuc> Aucs) Run(
        EncoderSource source, IReadOnlyList<TrainedHead> heads, PreparedDataset dataset, int count, string path,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        if (!path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"The setting 'out' = {path}: int8 models are ONNX. Give a name that ends in .onnx.");
        RequireOwn(source, "int8");
        dataset.RequireIntensity(source.Card.Intensity, source.Name);
        if (heads.Select(h => h.Preparation?.DifferenceFrom(dataset)).OfType<string>().FirstOrDefault() is { } other)
            throw new UserErrorException(
                $"{other}: figures measured on it would not be those of the exported model. Prepare it as the heads' dataset was.");
        var batches = new RadiographBatches(dataset, source.Input());
        var train = dataset.IndicesOf(Split.Train) is { Count: > 0 } split ? split : [.. Enumerable.Range(0, dataset.Count)];
        int[] chosen =
            [.. Enumerable.Range(0, Math.Min(count, train.Count)).Select(i => train[(int)((long)i * train.Count / Math.Min(count, train.Count))])];
        var model = EncoderGraph.Build(source.Encoder, source.Card, heads, foldBatchNorm: true, notes: source.NotesWith(heads));
        var ranges = ActivationRanges.Measure(model, Int8Graph.Quantised(model), batches, chosen, progress, cancellation);
        var notes = source.NotesWith(heads) with
        {
            Quantisation = $"int8 static QDQ, weights by output channel, ranges of {chosen.Length} radiographs of the dataset {dataset.Hash}",
        };
        var quantised = Int8Graph.Quantise(model, ranges, notes);

        int[] test = dataset.IndicesOf(Split.Test) is { Count: > 0 } held ? [.. held] : chosen;
        using var before = OnnxModel.Open(model.ToByteArray());
        using var after = OnnxModel.Open(quantised.ToByteArray());
        var (exact, rounded) = Features(before, after, batches, test, progress, cancellation);
        double error = RelativeError(exact, rounded, source.Encoder.FeatureWidth);
        if (!(error <= Tolerance))
            throw new UserErrorException(
                $"int8 loses what this encoder sees: its features are off by {error:0.00} of their deviation on "
                    + $"{test.Length:N0} radiographs of {dataset.Folder}, at most {Tolerance} is taken. Calibrate on more radiographs "
                    + "(the setting 'count'), or export float32.");
        if (notes.Likeness is { } learnt)
        {
            // Distances are of features, and these are others: a threshold of float32's would refuse more, or less, than it says.
            var (exactOnes, roundedOnes) = Features(before, after, batches, chosen, progress, cancellation);
            var (x, y) = (Sample(exactOnes), Sample(roundedOnes));
            (notes with { Likeness = learnt.Rescaled(x, y, "int8") }).AddTo(quantised);
        }
        ModelSelfTest.Of(after).AddTo(quantised);
        AtomicFile.WriteAllBytes(path, ModelSeal.Bytes(quantised));
        return (error, [.. heads.Select(h => Auc(h, dataset, test, exact, rounded))]);

        LikenessSample Sample(float[] features) => EncoderLikeness.Sample(dataset, chosen, source.Encoder.FeatureWidth, features);
    }

    // A graph of others is taken as it is.
    internal static void RequireOwn(EncoderSource source, string what)
    {
        if (source.Encoder.IsFrozen)
            throw new UserErrorException(
                $"{source.Name} is a graph of others, which is taken as it is: {what} cannot be made of it. Export float32 ONNX.");
    }

    private static (float[] Exact, float[] Rounded) Features(
        OnnxModel before, OnnxModel after, RadiographBatches batches, int[] indices, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        List<float> exact = [], rounded = [];
        for (int start = 0; start < indices.Length; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = indices[start..Math.Min(start + BatchSize, indices.Length)];
            using var images = batches.CentreViews(part);
            var pixels = images.data<float>().ToArray();
            exact.AddRange(before.Run(pixels, part.Length, ModelTensors.Features));
            rounded.AddRange(after.Run(pixels, part.Length, ModelTensors.Features));
            progress?.Report(new("comparing", start + part.Length, indices.Length, "radiographs"));
        }
        return ([.. exact], [.. rounded]);
    }

    // Root mean square of the difference over that of the features about their means: pooled features have large means.
    private static double RelativeError(float[] exact, float[] rounded, int width)
    {
        double difference = 0, spread = 0;
        int count = exact.Length / width;
        for (int f = 0; f < width; f++)
        {
            double mean = 0;
            for (int i = 0; i < count; i++) mean += exact[i * width + f] / (double)count;
            for (int i = 0; i < count; i++)
            {
                double value = exact[i * width + f], off = rounded[i * width + f] - value;
                difference += off * off;
                spread += (value - mean) * (value - mean);
            }
        }
        return Math.Sqrt(difference / Math.Max(spread, 1e-30));
    }

    private static QuantisedAuc Auc(TrainedHead head, PreparedDataset dataset, int[] test, float[] exact, float[] rounded)
    {
        double[] before = head.Weights.Probabilities(exact), after = head.Weights.Probabilities(rounded);
        double[] shifts = [.. before.Zip(after, (x, y) => Math.Abs(x - y)).Order()];
        bool binary = head.Weights.Outputs == 1;
        double threshold = head.Threshold?.Probability ?? 0.5;
        double? crossed = binary ? before.Zip(after).Count(p => p.First >= threshold != p.Second >= threshold) / (double)before.Length : null;
        var result = new QuantisedAuc(
            head.Task, 0, null, null, test.Length, shifts[^1], shifts[(int)Math.Ceiling(0.95 * shifts.Length) - 1], threshold, crossed);
        var task = TransferTask.Parse(head.Task);
        if (!binary || !dataset.LabelNames.Contains(task.Label, StringComparer.OrdinalIgnoreCase)) return result;
        var labelled = new DatasetPool(dataset, [.. test.Select(i => dataset[i])]).ToLearn(task);
        bool[] truth = [.. labelled.Classes.Select(c => c == 1)];
        double? Of(double[] all) => Roc.Auc([.. labelled.Rows.Select(r => all[r])], truth);
        return result with { Count = truth.Length, Before = Of(before), After = Of(after) };
    }
}
