using System.Text.Json;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.SelfCheck;

/// <summary>
/// Rebuilds a golden case from its formula and compares every number with the file: parameter shapes, visual features, losses,
/// logits, gradient norms, beam search, and in float64 the training run. The tolerances are those of
/// tests/RadTex.Learning.Tests/Golden/README.md; where rounding alone moves a training run by more, the bound is what rounding does.
/// </summary>
public sealed class GoldenCheck : IDisposable
{
    /// <summary>The relative difference of visual features between two correct float64 programs, measured on case "paper".</summary>
    private const double RoundingNoise = 1e-14;

    private const double NoiseMargin = 10;

    private readonly GoldenCase golden;
    private readonly Precision precision;
    private readonly Tolerances bounds;
    private readonly RadTexModel model;
    private readonly Tensor images;
    private readonly CaptionBatch captions;
    private readonly List<CheckedQuantity> quantities = [];
    private Action<CheckedQuantity> report = _ => { };

    /// <summary>Reads a golden case and builds its model and batch.</summary>
    /// <param name="path">A golden case file.</param>
    /// <param name="precision">The type to compute in.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="UserErrorException">The file is no golden case, or its model cannot be built.</exception>
    public GoldenCheck(string path, Precision precision, Device device)
    {
        golden = GoldenCase.Read(path);
        this.precision = precision;
        bounds = Tolerances.Of(precision);
        using var scope = NewDisposeScope();
        model = new RadTexModel(golden.Model, precision == Precision.Bf16 ? ScalarType.BFloat16 : null);
        model.to(precision == Precision.Fp64 ? ScalarType.Float64 : ScalarType.Float32).to(device);
        var sizes = golden.Sizes;
        long[] imageShape = [sizes.Batch, sizes.Channels, sizes.ImageSize, sizes.ImageSize];
        images = Filled("image", 0.25, imageShape).add_(Scalars.Of(0.5), Scalars.One).to(ParameterType, device).DetachFromDisposeScope();
        captions = CaptionBatch.Pack(golden.Captions(), device);
        scope.Detach(
            captions.Positions, captions.Slots, captions.ForwardTokens, captions.ForwardTargets, captions.BackwardTokens, captions.BackwardTargets);
        scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
    }

    /// <summary>Computes and compares everything, handing each quantity to <paramref name="onQuantity"/> as it is known.</summary>
    public IReadOnlyList<CheckedQuantity> Run(Action<CheckedQuantity>? onQuantity = null, CancellationToken cancellation = default)
    {
        report = onQuantity ?? report;
        if (!CheckShapes()) return quantities; // numbers of another model say nothing
        FillWeights();
        model.eval();
        CheckBeamSearch(); // first: a training forward would move the running statistics
        model.train();
        CheckFirstStep();
        CheckTraining(cancellation);
        return quantities;
    }

    /// <summary>Releases model, images and captions.</summary>
    public void Dispose()
    {
        images.Dispose();
        captions.Dispose();
        model.Dispose();
    }

    private ScalarType ParameterType => precision == Precision.Fp64 ? ScalarType.Float64 : ScalarType.Float32;

    private static Tensor Filled(string name, double scale, long[] shape) =>
        tensor(GoldenFill.Values(name, scale, shape.Aggregate(1L, (a, b) => checked(a * b))), ScalarType.Float32).view(shape);

    private bool CheckShapes()
    {
        var own = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.shape);
        var expected = Section("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(v => v.GetInt64()).ToArray());
        var faults = new List<string>();
        foreach (var name in own.Keys.Union(expected.Keys).Order(StringComparer.Ordinal))
        {
            var (ours, theirs) = (own.GetValueOrDefault(name), expected.GetValueOrDefault(name));
            if (ours is null || theirs is null || !ours.SequenceEqual(theirs)) faults.Add($"{name} {Shape(ours)} for {Shape(theirs)}");
        }
        Add(
            new(
                "parameters (names and shapes)", $"{expected.Count}", faults.Count == 0 ? $"{own.Count}" : string.Join("; ", faults), null, null,
                faults.Count == 0));
        return faults.Count == 0;

        static string Shape(long[]? shape) => shape is null ? "(absent)" : $"[{string.Join(",", shape)}]";
    }

    /// <param name="roundingNoise">Standard deviation of a relative change of every weight; 0 for the case's own weights.</param>
    private void FillWeights(double roundingNoise = 0)
    {
        using var _ = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            var shape = parameter.shape;
            double scale = shape.Length switch { 1 => 0.02, 4 => Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])), _ => golden.Sizes.MatrixScale };
            var values = Filled(name, scale, shape);
            if (shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal)) values.add_(Scalars.One, Scalars.One);
            if (name == "textual.embedding.words.weight") values[0].zero_();
            if (name == "textual.output.bias") values[golden.Sizes.Eos].add_(Scalars.Of(golden.Sizes.EosBias), Scalars.One);
            parameter.copy_(values);
            if (roundingNoise != 0) parameter.mul_(Filled($"{name} rounding", roundingNoise, shape).to(ParameterType).add_(Scalars.One, Scalars.One));
        }
    }

    private void CheckFirstStep()
    {
        using var scope = NewDisposeScope();
        model.Encoder.TracksStatistics = false; // the training run makes this step again
        var features = model.Encode(images);
        CompareFeatures(features.to(ParameterType));
        var (forward, backward) = model.Decode(features, captions);
        using (no_grad())
        {
            CompareLogits("forward_logits_0_0_first8", forward, 0, 0);
            CompareLogits("backward_logits_1_3_first8", backward, 1, 3);
        }
        var losses = CaptioningLoss.Backpropagate(model, (forward, backward), captions);
        Compare("forward_loss", Section("forward_loss").GetDouble(), losses.Forward, bounds.Loss);
        Compare("backward_loss", Section("backward_loss").GetDouble(), losses.Backward, bounds.Loss);
        double total = Section("total_gradient_norm").GetDouble();
        double squares = 0;
        foreach (var (name, parameter) in model.named_parameters())
        {
            double norm = Norm(parameter.grad!);
            squares += norm * norm;
            // A norm next to nothing is rounding of the whole; its deviation is counted against a billionth of the total.
            Compare($"gradient_norms {name}", Section("gradient_norms").GetProperty(name).GetDouble(), norm, bounds.Gradient, floor: 1e-9 * total);
        }
        Compare("total_gradient_norm", total, Math.Sqrt(squares), bounds.TotalGradient);
        model.Encoder.TracksStatistics = true;
    }

    private void CheckTraining(CancellationToken cancellation)
    {
        if (bounds.Training is not { } bound || !golden.Root.TryGetProperty("training", out _)) return;
        var expected = GoldenTrace.Read(golden);
        var found = Train(roundingNoise: 0, cancellation);
        // A bound below what rounding does to the run would fail a correct program: where the run misses its bound, it is made
        // again from weights that differ by as much as another order of summation makes features differ. What that moves is not
        // determined by the case to the bound's accuracy, and the bound becomes ten times the movement.
        var noise = found.DeviationFrom(expected) <= bound ? null : found.Noise(Train(RoundingNoise, cancellation));
        foreach (var entry in expected.Entries)
        {
            double determined = noise is null ? bound : Math.Max(bound, NoiseMargin * noise[entry.Group]);
            Compare(entry.Name, entry.Value, found[entry.Name], determined, floor: GoldenTrace.Floor);
        }
    }

    private GoldenTrace Train(double roundingNoise, CancellationToken cancellation)
    {
        FillWeights(roundingNoise);
        model.Encoder.ResetStatistics();
        var hyper = golden.Sizes.Optimizer;
        var groups = ParameterGroup.ForCaptioning(model, hyper.LrVisual, hyper.Lr, hyper.WeightDecay);
        using var optimizer = new Lookahead(new Sgd(groups, hyper.Momentum), hyper.LookaheadSteps, hyper.LookaheadAlpha);
        var schedule = new WarmupCosine(hyper.WarmupSteps, hyper.TotalSteps);
        var trace = new GoldenTrace();
        for (int step = 0; step < hyper.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            var losses = CaptioningLoss.Backpropagate(model, model.Decode(model.Encode(images), captions), captions);
            double norm = optimizer.ClipGradients(hyper.Clip);
            double multiplier = schedule.Multiplier(step);
            optimizer.Step(multiplier);
            trace.AddStep(step, multiplier, losses.Forward, losses.Backward, norm);
        }
        foreach (var (name, parameter) in model.named_parameters()) trace.AddParameterNorm(name, Norm(parameter));
        foreach (var (name, buffer) in model.named_buffers()) trace.AddRunningMeanNorm(name, Norm(buffer));
        return trace;
    }

    private void CheckBeamSearch()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var search = new BeamSearch(golden.Sizes.Beam, golden.Sizes.PerNodeBeam, golden.Sizes.MaxSteps);
        var found = search.Search(model, model.Encode(images));
        int image = 0;
        foreach (var expectedBeams in Section("beam_search").EnumerateArray())
        {
            int rank = 0;
            foreach (var expected in expectedBeams.EnumerateArray())
            {
                var caption = found[image][rank];
                var tokens = UntilEnd(expected.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()));
                bool equal = tokens.SequenceEqual(caption.Tokens);
                var name = $"beam_search image {image} beam {rank}";
                Add(new($"{name} tokens", string.Join(' ', tokens), string.Join(' ', caption.Tokens), null, null, equal || !bounds.BeamTokens));
                Compare($"{name} log_probability", expected.GetProperty("log_probability").GetDouble(), caption.LogProbability, bounds.Detail);
                rank++;
            }
            image++;
        }
    }

    // The reference fills finished beams up with end tokens; a caption has one.
    private int[] UntilEnd(IEnumerable<int> tokens)
    {
        int[] all = [.. tokens];
        int end = Array.IndexOf(all, golden.Sizes.Eos);
        return end < 0 ? all : all[..(end + 1)];
    }

    // The features and logits have no bound of their own in the README below float64; a wrong one shows in the losses.
    private void CompareFeatures(Tensor features)
    {
        var expected = Section("visual_features");
        var shape = expected.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()).ToArray();
        bool same = shape.SequenceEqual(features.shape);
        Add(new("visual_features shape", $"[{string.Join(",", shape)}]", $"[{string.Join(",", features.shape)}]", null, null, same));
        Compare("visual_features mean", expected.GetProperty("mean").GetDouble(), Number(features.mean()), bounds.Detail);
        Compare("visual_features std", expected.GetProperty("std").GetDouble(), Number(features.std()), bounds.Detail);
        CompareVector("visual_features first8", expected.GetProperty("first8"), features.detach().contiguous().view(-1), bounds.Detail);
    }

    // Captions lie packed, without padding: a position past a caption's end is none, and its row would be the next caption's.
    private void CompareLogits(string name, Tensor hidden, int caption, int position)
    {
        int[] lengths = golden.Sizes.Lengths;
        int positions = caption < lengths.Length ? lengths[caption] - 1 : 0;
        if (position >= positions)
        {
            Add(new(name, "a logit of padding", $"none: caption {caption} has {positions} positions, and padding is not computed", null, null, true));
            return;
        }
        long row = lengths.Take(caption).Sum(n => (long)n - 1) + position;
        CompareVector(name, model.Logits(hidden.narrow(0, row, 1)).view(-1), bounds.Detail);
    }

    private void CompareVector(string name, Tensor found, double? tolerance) => CompareVector(name, Section(name), found, tolerance);

    // Deviations are relative to the vector's largest element: a zero among them has none of its own.
    private void CompareVector(string name, JsonElement expected, Tensor found, double? tolerance)
    {
        var theirs = expected.EnumerateArray().Select(v => v.GetDouble()).ToArray();
        var ours = found.narrow(0, 0, theirs.Length).to(ScalarType.Float64).cpu().data<double>().ToArray();
        double scale = theirs.Max(Math.Abs);
        for (int i = 0; i < theirs.Length; i++) Compare($"{name}[{i}]", theirs[i], ours[i], tolerance, floor: scale);
    }

    private void Compare(string name, double expected, double found, double? tolerance, double floor = 0)
    {
        double scale = Math.Max(Math.Abs(expected), floor);
        double deviation = expected == found ? 0 : Math.Abs(found - expected) / scale;
        Add(new(name, $"{expected:G10}", $"{found:G10}", deviation, tolerance, tolerance is null || deviation <= tolerance));
    }

    private void Add(CheckedQuantity quantity)
    {
        quantities.Add(quantity);
        report(quantity);
    }

    private JsonElement Section(string name) =>
        golden.Root.TryGetProperty(name, out var section)
            ? section
            : throw new UserErrorException($"{golden.Path} lacks '{name}'. Expected the form that the golden cases' README gives.");

    private static double Number(Tensor scalar)
    {
        using var wide = scalar.to(ScalarType.Float64);
        return wide.item<double>();
    }

    private static double Norm(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return values.to(ScalarType.Float64).norm().item<double>();
    }

    // The largest relative deviations of each precision; null where the README sets none.
    private sealed record Tolerances(double Loss, double? Detail, double? Gradient, double TotalGradient, bool BeamTokens, double? Training)
    {
        internal static Tolerances Of(Precision precision) => precision switch
        {
            Precision.Fp64 => new(1e-9, 1e-9, 1e-9, 1e-9, true, 1e-6),
            Precision.Fp32 => new(1e-4, null, 1e-2, 1e-3, true, null),
            Precision.Bf16 => new(1e-2, null, null, 5e-2, false, null),
            _ => throw new ArgumentOutOfRangeException(nameof(precision)),
        };
    }
}
