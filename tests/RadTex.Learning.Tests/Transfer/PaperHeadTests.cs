using CsCheck;
using RadTex.Heads;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;

namespace RadTex.Learning.Tests.Transfer;

public sealed class PaperHeadTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Paper_head_agrees_with_a_plain_loop(int classCount)
    {
        const int N = 11, Width = 4;
        var features = MadeFeatures.Of(N, Width, (i, j) => (float)Math.Sin(i * 2 + j));
        int[] rows = [.. Enumerable.Range(0, N)], classes = [.. rows.Select(i => i * i % classCount)];
        var recipe = new PaperRecipe(0.5, 3, BatchSize: 4);

        var start = PaperHead.Fit([features], rows, classes, classCount, recipe with { LearningRate = 1e-30 }, 9);
        var head = PaperHead.Fit([features], rows, classes, classCount, recipe, 9);

        int outputs = head.Outputs;
        double[] w = [.. start.Weights], b = new double[outputs], vw = new double[w.Length], vb = new double[outputs];
        var sampler = new EpochSampler(rows, 4, 9, dropLast: false);
        for (int step = 0; step < 9; step++) // three epochs of 4 + 4 + 3; warm-up round(0.45) = 0 updates
        {
            double[] gw = new double[w.Length], gb = new double[outputs];
            var batch = sampler.Batch(step);
            foreach (int i in batch)
            {
                var z = Enumerable.Range(0, outputs).Select(
                    k => b[k] + Enumerable.Range(0, Width).Sum(j => w[k * Width + j] * features.Row(i)[j])).ToArray();
                double total = z.Sum(Math.Exp);
                for (int k = 0; k < outputs; k++)
                {
                    double error = outputs == 1 ? 1 / (1 + Math.Exp(-z[0])) - classes[i] : Math.Exp(z[k]) / total - (classes[i] == k ? 1 : 0);
                    gb[k] += error / batch.Count;
                    for (int j = 0; j < Width; j++) gw[k * Width + j] += error * features.Row(i)[j] / batch.Count;
                }
            }
            double rate = 0.5 * Math.Pow(Math.Cos(Math.PI / 2 * step / 9), 2);
            for (int i = 0; i < w.Length; i++) w[i] -= rate * (vw[i] = 0.9 * vw[i] + gw[i]);
            for (int k = 0; k < outputs; k++) b[k] -= rate * (vb[k] = 0.9 * vb[k] + gb[k]);
        }
        for (int i = 0; i < w.Length; i++) head.Weights[i].ShouldBe(w[i], 1e-5);
        for (int k = 0; k < outputs; k++) head.Biases[k].ShouldBe(b[k], 1e-5);
        start.Weights.ShouldAllBe(v => Math.Abs(v) < 0.05);
    }

    [Fact]
    public void Paper_head_with_one_batch_makes_no_move_at_its_first_update_unless_asked()
    {
        var features = MadeFeatures.Of(6, 3, (i, j) => i + j);
        int[] rows = [0, 1, 2, 3, 4, 5], classes = [0, 0, 0, 1, 1, 1];
        var recipe = new PaperRecipe(0.1, 1, WarmupFraction: 1);

        PaperHead.Fit([features], rows, classes, 2, recipe, 1).Biases.ShouldBe([0.0]);
        PaperHead.Fit([features], rows, classes, 2, recipe with { FirstUpdateMoves = true }, 1).Biases[0].ShouldNotBe(0);
        PaperRecipe.Frozen.Updates(100).ShouldBe(20);
        PaperRecipe.Frozen.Updates(129).ShouldBe(40);
    }

    [Fact]
    public void Augmented_views_are_taken_in_turn()
    {
        var zero = MadeFeatures.Of(4, 2, (_, _) => 0);
        var one = MadeFeatures.Of(4, 2, (i, _) => i < 2 ? 1 : -1);
        int[] rows = [0, 1, 2, 3], classes = [1, 1, 0, 0];
        LinearHead Head(int epochs, params RadiographFeatures[] views) =>
            PaperHead.Fit(views, rows, classes, 2, new PaperRecipe(0.1, epochs, Momentum: 0, WarmupFraction: 0), 1);
        var start = Head(1, zero);

        Head(1, zero, one).Weights.ShouldBe(start.Weights); // epoch 0 sees the first view alone
        Head(2, zero, one).Weights.ShouldNotBe(start.Weights);
    }
}
