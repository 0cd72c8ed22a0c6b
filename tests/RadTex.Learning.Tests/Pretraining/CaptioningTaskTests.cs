using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

[Collection(nameof(SerialTorch))]
public sealed class CaptioningTaskTests
{
    [Fact]
    public void Gradients_reach_every_parameter()
    {
        using var folder = new TemporaryFolder();
        var (task, dataset) = TinyRun.Task(TinyRun.WriteDataset(folder.File("d")), TinyRun.Configuration("model.layers=2"));
        using (dataset)
        using (task)
        {
            // Residual branches start at zero (their last scale is 0): give them a scale, or nothing flows through them at first.
            using (no_grad())
                foreach (var (name, parameter) in task.Model.named_parameters())
                    if (name.Contains("bn", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal)) parameter.fill_(1);
            using var optimizer = new Sgd(task.MakeGroups());
            using var scope = NewDisposeScope();
            var parts = new BatchParts<CaptioningPart>(task, seed: 0);
            using var batch = parts.Prepare(0);
            parts.Backpropagate(batch);
            foreach (var (name, parameter) in task.Model.named_parameters())
                parameter.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Fact]
    public void Two_groups_equal_the_mean_of_two_batches_made_by_hand()
    {
        using var folder = new TemporaryFolder();
        TinyRun.WriteDataset(folder.File("d"));
        var configuration = TinyRun.Configuration("model.dropout=0", "training.groups=2");
        var (task, dataset) = TinyRun.Task(folder.File("d"), configuration);
        var (reference, again) = TinyRun.Task(folder.File("d"), configuration);
        using var _ = dataset;
        using var __ = again;
        using (task)
        using (reference)
        {
            using var scope = NewDisposeScope();
            using var optimizer = new Sgd(task.MakeGroups());
            var parts = new BatchParts<CaptioningPart>(task, seed: 0);
            using var batch = parts.Prepare(0);
            var losses = parts.Backpropagate(batch);

            // By hand: each half alone, its own batch-norm statistics, the gradients of (a + b) / 2; only the first half moves the running
            // statistics.
            var model = reference.Captioner;
            var captions = TinyRun.Captions(dataset, batch.Radiographs);
            double total = 0;
            foreach (int half in new[] { 0, 1 })
            {
                if (half == 1) model.Encoder.TracksStatistics = false;
                using var packed = CaptionBatch.Pack([.. captions.Skip(2 * half).Take(2)]);
                var hidden = model.Decode(model.Encode(batch.Parts[half].Data.Images), packed);
                var forward = nn.functional.cross_entropy(model.Logits(hidden.Forward), packed.ForwardTargets);
                var backward = nn.functional.cross_entropy(model.Logits(hidden.Backward), packed.BackwardTargets);
                var loss = (forward + backward) / 2;
                loss.backward();
                total += loss.item<float>();
            }
            losses.Total.ShouldBe(total, 1e-5);
            losses.Tokens.ShouldBe(captions.Sum(c => c.Length - 1));
            var expected = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!);
            foreach (var (name, parameter) in task.Model.named_parameters())
                (parameter.grad! - expected[name]).abs().max().item<float>().ShouldBeLessThan(1e-5f, name);
            var buffers = model.named_buffers().ToDictionary(b => b.name, b => b.buffer);
            foreach (var (name, buffer) in task.Model.named_buffers())
                (buffer - buffers[name]).abs().max().to(ScalarType.Float32).item<float>().ShouldBeLessThan(1e-6f, name);
        }
    }

    [Fact]
    public void Eight_studies_are_learnt_by_heart_and_from_their_images()
    {
        using var folder = new TemporaryFolder();
        TinyRun.WriteDataset(folder.File("d"), count: 10); // every fourth is held out: eight are left
        var configuration = TinyRun.Configuration(
            "model.dropout=0", "model.hidden=32", "model.backbone_width=8", "image.degrees=0", "image.translate=0", "training.batch_size=8",
            "training.epochs=150", "optimizer.visual_rate=0.01", "optimizer.textual_rate=0.01", "log.validate_every_epochs=0");
        var (task, dataset) = TinyRun.Task(folder.File("d"), configuration);
        using var _ = dataset;
        using (task)
        {
            var outcome = TrainingLoop.Run(task, configuration.Loop);
            outcome.LastLosses!.Total.ShouldBeLessThan(0.1); // nats per token, both directions; a uniform guess is above 6

            var tokens = CaptionTokens.Make(dataset, new ReportTokenizer(VocabularyBuilder.Build(CaptionCorpus.Read(dataset.Folder), 200)));
            var images = new RadiographBatches(dataset, configuration.Input);
            var figures = new CaptioningValidation(dataset, tokens, images, tokens.IndicesOf(dataset, Split.Train), 8, CPU)
                .Measure(task.Captioner, CancellationToken.None).ToDictionary(f => f.Name, f => f.Value);
            figures["shuffled_loss"].ShouldBeGreaterThan(figures["loss"] + 0.5); // the captions owe something to the image
        }
    }

    [Fact]
    public void Shuffled_partners_are_other_studies_each_once()
    {
        string[] studies = ["a", "a", "b", "c", "c", "c", "d", "e"];
        var partners = CaptioningValidation.Partners([.. Enumerable.Range(10, 8)], i => studies[i - 10])!;
        partners.Order().ShouldBe(Enumerable.Range(0, 8));
        for (int i = 0; i < 8; i++) studies[partners[i]].ShouldNotBe(studies[i]);
        CaptioningValidation.Partners([1, 2, 3], _ => "same").ShouldBeNull();
    }
}
