using RadTex.Data;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Studies;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Consumer.Tests;

/// <summary>
/// An objective as another assembly would add it, in one file: the mean grey level of each view, by a linear layer on the encoder. It teaches nothing
/// of use; it shows what an objective needs.
/// </summary>
/// <param name="Weight">Of the loss.</param>
public sealed record MeanGreyObjective(double Weight = 1) : PretrainingObjective("mean-grey")
{
    public override IReadOnlyList<string> Faults() => Weight > 0 ? [] : [$"objective.weight is {Weight} (expected more than 0)"];

    public override PretrainingTask Create(PretrainingInputs inputs)
    {
        var task = new GreyTask(inputs, Weight);
        return new(task, task.Network.Encoder, "pretrained on mean grey levels");
    }

    private sealed record GreyPart(Tensor Images, Tensor Means) : IDisposable
    {
        public void Dispose()
        {
            Images.Dispose();
            Means.Dispose();
        }
    }

    private sealed class GreyTask : TrainingTask<GreyPart>
    {
        private readonly PretrainingConfiguration configuration;
        private readonly PreparedDataset dataset;
        private readonly RadiographBatches views;
        private readonly double weight;

        internal GreyTask(PretrainingInputs inputs, double weight)
        {
            (configuration, dataset, this.weight) = (inputs.Configuration, inputs.Dataset, weight);
            var (model, training) = (configuration.Model, configuration.Training);
            using var generator = new Generator((ulong)training.Seed);
            var encoder = Encoders.Create(new(model.Backbone, model.BackboneWidth, model.Channels, configuration.Image.Size), generator);
            Network = new(encoder, 1, generator);
            Sampler = new(dataset.IndicesOf(Split.Train), training.BatchSize, training.Seed, training.DropLast);
            views = new(dataset, configuration.Input, configuration.Augmentation, training.Seed);
        }

        internal ImageClassifier Network { get; }

        public override string Name => "pretraining";

        public override nn.Module Model => Network;

        public override EpochSampler Sampler { get; }

        public override IReadOnlyList<ParameterGroup> MakeGroups() =>
            ParameterGroup.Group(Network, _ => ("network", configuration.Optimizer.VisualRate, configuration.Optimizer.WeightDecay));

        public override GreyPart Prepare(PartOfBatch part)
        {
            var images = views.TrainingViews(part.Radiographs, part.Step);
            return new(images, images.mean([1L, 2L, 3L])); // [B]
        }

        public override LossTerms Loss(GreyPart data, PartOfBatch part)
        {
            using Scalar share = weight / part.Batch.Count;
            var loss = (Network.forward(data.Images).squeeze(1) - data.Means).square().sum().mul(share);
            return new(loss, [("squared_error", loss.detach())]);
        }

        public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => dataset.StudyIds(radiographs);
    }
}
