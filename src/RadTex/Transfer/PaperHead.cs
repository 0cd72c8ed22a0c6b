using RadTex.Data;
using RadTex.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Transfer;

/// <summary>The paper's linear head on frozen features: weights N(0, 0.01), bias 0 (VirTex, clf_linear.py), raw features, BCE or cross-entropy.</summary>
internal static class PaperHead
{
    private const double Deviation = 0.01;

    /// <param name="views">Features of the training radiographs: one centre view, or several augmented ones taken in turn, one an epoch.</param>
    /// <param name="rows">The N examples.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="classCount">C.</param>
    /// <param name="recipe">Rates and epochs.</param>
    /// <param name="seed">Of the initial weights and the order of examples.</param>
    internal static LinearHead Fit(
        IReadOnlyList<RadiographFeatures> views, IReadOnlyList<int> rows, IReadOnlyList<int> classes, int classCount, PaperRecipe recipe, long seed)
    {
        using var scope = NewDisposeScope();
        int width = views[0].Width, outputs = classCount == 2 ? 1 : classCount;
        using var model = new Head(width, outputs, seed);
        using var optimizer = recipe.Settings.Create(ParameterGroup.Group(model, _ => ("head", recipe.LearningRate, 0)));
        var examples = views.Select(v => Gather(v, rows)).ToArray(); // [N, F] a view
        int[] positions = [.. Enumerable.Range(0, rows.Count)];
        var sampler = new EpochSampler(positions, Math.Min(recipe.BatchSize, rows.Count), seed, dropLast: false);
        long total = recipe.Epochs * sampler.BatchesPerEpoch;
        var schedule = recipe.Settings.Schedule(total);
        for (long step = 0; step < total; step++)
        {
            using var stepScope = NewDisposeScope();
            var batch = sampler.Batch(step);
            var features = examples[(int)(step / sampler.BatchesPerEpoch % views.Count)].index_select(0, tensor(batch.Select(p => (long)p).ToArray())); // [B, F]
            var logits = model.forward(features); // [B, K]
            var loss = outputs == 1
                ? nn.functional.binary_cross_entropy_with_logits(logits.squeeze(1), tensor(batch.Select(p => (float)classes[p]).ToArray()))
                : nn.functional.cross_entropy(logits, tensor(batch.Select(p => (long)classes[p]).ToArray()));
            optimizer.ZeroGradients();
            loss.backward();
            optimizer.Step(schedule.Multiplier(recipe.FirstUpdateMoves ? step + 1 : step));
        }
        var (weights, biases) = model.Values();
        return new(classCount, width, weights, biases);
    }

    // Cloned into torch's own memory: a tensor made of an array lies where the array does, and the last bit of MKL's sums depends on how
    // that is aligned, so that two runs of one sweep could differ by a rounding.
    private static Tensor Gather(RadiographFeatures features, IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * features.Width];
        for (int i = 0; i < rows.Count; i++) features.Row(rows[i]).CopyTo(values.AsSpan(i * features.Width));
        using var lent = tensor(values, [rows.Count, features.Width]);
        return lent.clone();
    }

    private sealed class Head : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight, bias;

        internal Head(int width, int outputs, long seed) : base(nameof(Head))
        {
            using var generator = new Generator((ulong)seed);
            weight = nn.Parameter(randn([outputs, width], generator: generator) * Deviation);
            bias = nn.Parameter(zeros(outputs));
            RegisterComponents();
        }

        /// <summary>[B, F] to logits [B, K].</summary>
        public override Tensor forward(Tensor features) => nn.functional.linear(features, weight, bias);

        internal (double[] Weights, double[] Biases) Values() =>
            (Array.ConvertAll(weight.detach().data<float>().ToArray(), v => (double)v), Array.ConvertAll(bias.detach().data<float>().ToArray(), v => (double)v));
    }
}
