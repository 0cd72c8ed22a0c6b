using RadTex.Learning.Training;
using RadTex.Learning.Transfer;

namespace RadTex.Learning.Tests.Transfer;

[Collection(nameof(SerialTorch))]
public sealed class PaperHeadBatchTests
{
    [Theory, InlineData(2, OptimizerKind.Sgd), InlineData(3, OptimizerKind.Sgd), InlineData(2, OptimizerKind.AdamW)]
    public void Heads_trained_together_are_those_trained_alone(int classCount, OptimizerKind optimizer)
    {
        var random = new Random(7);
        var features = MadeFeatures.Of(60, 12, (_, _) => (float)random.NextDouble());
        var view = MadeFeatures.Of(60, 12, (_, _) => (float)random.NextDouble());
        // Three batches an epoch each, the last ones of different sizes.
        PaperHead.Job[] jobs = [.. new[] { 20, 17, 24 }.Select((n, m) => new PaperHead.Job(
            [.. Enumerable.Range(3 * m, n)], [.. Enumerable.Range(0, n).Select(i => (i * 7 + m) % classCount)], classCount, m + 1))];
        var recipe = new PaperRecipe(optimizer == OptimizerKind.Sgd ? 0.3 : 0.01, 5, BatchSize: 8, Optimizer: optimizer);
        var together = PaperHead.Fit([features, view], jobs, recipe, CancellationToken.None);
        for (int m = 0; m < jobs.Length; m++)
        {
            var alone = PaperHead.Fit([features, view], jobs[m].Rows, jobs[m].Classes, classCount, recipe, jobs[m].Seed);
            together[m].Weights.Zip(alone.Weights).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(2e-6);
            together[m].Biases.Zip(alone.Biases).Max(p => Math.Abs(p.First - p.Second)).ShouldBeLessThan(2e-6);
        }
    }
}
