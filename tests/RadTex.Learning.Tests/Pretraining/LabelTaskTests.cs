using RadTex.Data;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

[Collection(nameof(SerialTorch))]
public sealed class LabelTaskTests
{
    [Fact]
    public void Absent_labels_count_for_nothing()
    {
        using var folder = new TemporaryFolder();
        using var dataset = PreparedDataset.Open(TinyRun.WriteDataset(folder.File("d")));
        var indices = dataset.IndicesOf(Split.Train);
        using var task = Task(
            dataset, indices,
            new(dataset.LabelNames, false, indices.ToDictionary(i => i, i => (IReadOnlyList<float?>)[.. dataset[i].Labels.Select(v => (float?)v)])));
        using var optimizer = new Sgd(task.MakeGroups());
        using var scope = NewDisposeScope();
        var parts = new BatchParts<LabelPart>(task, seed: 0);
        using var batch = parts.Prepare(0);
        task.Classifier.train();
        var losses = parts.Backpropagate(batch);
        var logits = task.Classifier.forward(batch.Parts[0].Data.Images); // training mode: the same batch statistics again
        double sum = 0;
        int count = 0;
        for (int b = 0; b < batch.Radiographs.Count; b++)
            for (int l = 0; l < 2; l++)
            {
                if (dataset[batch.Radiographs[b]].Labels[l] is not { } label) continue;
                double p = 1 / (1 + Math.Exp(-logits[b, l].item<float>()));
                sum -= label > 0 ? Math.Log(p) : Math.Log(1 - p);
                count++;
            }
        count.ShouldBeLessThan(2 * batch.Radiographs.Count);
        losses.Total.ShouldBe(sum / count, 1e-5);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Training_learns_what_the_pictures_show(bool multiClass)
    {
        using var folder = new TemporaryFolder();
        using var dataset = PreparedDataset.Open(TinyRun.WriteDataset(folder.File("d")));
        var indices = dataset.IndicesOf(Split.Train);
        var values = indices.ToDictionary(i => i, i => (IReadOnlyList<float?>)[multiClass ? i % 3 : i % 7 > 2 ? 1 : 0]);
        using var task = Task(dataset, indices, new(multiClass ? ["a", "b", "c"] : ["Edema"], multiClass, values));
        var settings = new LoopSettings(
            new OptimizerSettings(OptimizerKind.AdamW, 0, 0, WeightDecay: 0, LookaheadSteps: 0), new LogSettings(), Epochs: 100, Seed: 1);
        TrainingLoop.Run(task, settings).LastLosses!.Total.ShouldBeLessThan(0.1);
    }

    private static LabelTask Task(PreparedDataset dataset, IReadOnlyList<int> indices, LabelTargets targets)
    {
        using var generator = new Generator(3);
        return new(
            new ImageClassifier(Encoders.Create(new("resnet18", 4), generator), targets.Names.Count, generator), dataset,
            new RadiographBatches(dataset, new RadiographInput(32)),
            new EpochSampler(indices, 12, seed: 1, dropLast: false), targets, classifier => ParameterGroup.Group(classifier, _ => ("all", 0.02, 0)));
    }
}
