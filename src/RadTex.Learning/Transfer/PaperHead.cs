using RadTex.Heads;
using RadTex.Learning.Models;
using RadTex.Learning.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>
/// The paper's linear head on frozen features: weights N(0, 0.01), bias 0 (VirTex, clf_linear.py), raw features, BCE or cross-entropy. Many
/// heads train at once: their losses are summed, optimisers here work value by value, and so each head goes as it would alone.
/// </summary>
internal static class PaperHead
{
    private const double Deviation = 0.01;
    private const long MostValues = 1 << 25; // of one step's features: 128 MiB

    /// <summary>One head to train.</summary>
    /// <param name="Rows">Its N examples.</param>
    /// <param name="Classes">Their classes.</param>
    /// <param name="ClassCount">C.</param>
    /// <param name="Seed">Of its initial weights and the order of its examples.</param>
    internal sealed record Job(int[] Rows, int[] Classes, int ClassCount, long Seed);

    /// <summary>How many heads one call may train within bounded memory.</summary>
    internal static int MostHeads(int width, PaperRecipe recipe) => (int)Math.Clamp(MostValues / ((long)width * recipe.BatchSize), 1, 1024);

    /// <summary>One head.</summary>
    /// <inheritdoc cref="Fit(IReadOnlyList{RadiographFeatures}, IReadOnlyList{Job}, PaperRecipe, CancellationToken)"/>
    internal static LinearHead Fit(
        IReadOnlyList<RadiographFeatures> views, IReadOnlyList<int> rows, IReadOnlyList<int> classes, int classCount, PaperRecipe recipe,
        long seed) =>
        Fit(views, [new([.. rows], [.. classes], classCount, seed)], recipe, CancellationToken.None)[0];

    /// <summary>Heads of equally many classes and updates, together.</summary>
    /// <param name="views">Features of the training radiographs: one centre view, or several augmented ones taken in turn, one an epoch.</param>
    /// <param name="jobs">M heads.</param>
    /// <param name="recipe">Rates and epochs.</param>
    /// <param name="cancellation">Stops between updates.</param>
    internal static LinearHead[] Fit(
        IReadOnlyList<RadiographFeatures> views, IReadOnlyList<Job> jobs, PaperRecipe recipe, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        int width = views[0].Width, classCount = jobs[0].ClassCount, outputs = classCount == 2 ? 1 : classCount;
        using var model = new Heads(width, outputs, jobs);
        using var optimizer = recipe.Settings.Create(ParameterGroup.Group(model, _ => ("head", recipe.LearningRate, 0)));
        EpochSampler[] samplers = [.. jobs.Select(
            w => new EpochSampler([.. Enumerable.Range(0, w.Rows.Length)], Math.Min(recipe.BatchSize, w.Rows.Length), w.Seed, dropLast: false))];
        long perEpoch = samplers[0].BatchesPerEpoch, total = recipe.Epochs * perEpoch;
        var schedule = recipe.Settings.Schedule(total);
        for (long step = 0; step < total; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            // [M, B, F], [M, B], [M, B]
            var (features, classes, weights) = Gather(views[(int)(step / perEpoch % views.Count)], jobs, [.. samplers.Select(s => s.Batch(step))]);
            var logits = model.forward(features); // [M, B, K]
            var losses = outputs == 1
                // [M, B]
                ? nn.functional.binary_cross_entropy_with_logits(logits.squeeze(2), classes.to(ScalarType.Float32), reduction: nn.Reduction.None)
                : nn.functional.cross_entropy(logits.reshape(-1, outputs), classes.reshape(-1), reduction: nn.Reduction.None).reshape(classes.shape);
            var loss = (losses * weights).sum();
            optimizer.ZeroGradients();
            loss.backward();
            optimizer.Step(schedule.Multiplier(recipe.FirstUpdateMoves ? step + 1 : step));
        }
        return model.Values(classCount);
    }

    /// <summary>
    /// One update's features, classes and weights in the loss: 1 / b over a head's b examples, 0 where a smaller batch is filled up.
    /// </summary>
    private static (Tensor Features, Tensor Classes, Tensor Weights) Gather(
        RadiographFeatures features, IReadOnlyList<Job> jobs, IReadOnlyList<int>[] batches)
    {
        int M = jobs.Count, B = batches.Max(b => b.Count), F = features.Width;
        var values = new float[M * B * F];
        var classes = new long[M * B];
        var weights = new float[M * B];
        for (int m = 0; m < M; m++)
            for (int i = 0; i < batches[m].Count; i++)
            {
                int row = m * B + i, example = batches[m][i];
                features.Row(jobs[m].Rows[example]).CopyTo(values.AsSpan(row * F));
                (classes[row], weights[row]) = (jobs[m].Classes[example], 1f / batches[m].Count);
            }
        // Cloned into torch's own memory: a tensor made of an array lies where the array does, and the last bit of MKL's sums depends on how
        // that is aligned, so that two runs of one sweep could differ by a rounding.
        using var lent = tensor(values, [M, B, F]);
        return (lent.clone(), tensor(classes, [M, B]), tensor(weights, [M, B]));
    }

    private sealed class Heads : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight, bias;

        internal Heads(int width, int outputs, IReadOnlyList<Job> jobs) : base(nameof(Heads))
        {
            weight = nn.Parameter(stack([.. jobs.Select(w => FirstWeights(outputs, width, w.Seed))])); // [M, K, F]
            bias = nn.Parameter(zeros(jobs.Count, outputs));
            RegisterComponents();
        }

        /// <summary>[M, B, F] to logits [M, B, K].</summary>
        public override Tensor forward(Tensor features) => matmul(features, weight.transpose(1, 2)).add(bias.unsqueeze(1), Scalars.One);

        internal LinearHead[] Values(int classCount)
        {
            int heads = (int)weight.shape[0], outputs = (int)weight.shape[1], width = (int)weight.shape[2];
            double[] weights = Doubles(weight), biases = Doubles(bias);
            return [.. Enumerable.Range(0, heads).Select(m => new LinearHead(
                classCount, width, weights[(m * outputs * width)..((m + 1) * outputs * width)], biases[(m * outputs)..((m + 1) * outputs)]))];
        }

        private static Tensor FirstWeights(int outputs, int width, long seed)
        {
            using var generator = new Generator((ulong)seed);
            return InitialValues.Normal(Deviation, [outputs, width], generator);
        }

        private static double[] Doubles(Parameter parameter) =>
            Array.ConvertAll(parameter.detach().contiguous().data<float>().ToArray(), v => (double)v);
    }
}
