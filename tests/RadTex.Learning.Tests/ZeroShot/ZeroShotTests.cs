using System.Text.Json.Nodes;
using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.ZeroShot;
using RadTex.Preparing;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.ZeroShot;

/// <summary>Runs of toy size asked for findings that their radiographs show as plainly as can be.</summary>
[Collection(nameof(SerialTorch))]
public sealed class ZeroShotTests : IDisposable
{
    private const int Side = 36;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData("captioning"), InlineData("contrastive")]
    public void A_run_tells_the_findings_its_reports_name(string objective)
    {
        var dataset = WriteDataset(folder.File("dataset"));
        Pretrain(dataset, objective, "training.epochs=40");
        using var opened = PreparedDataset.Open(dataset);
        using var model = TextAffinity.Open(folder.File("run"));
        var prompts = folder.File("prompts.json");
        File.WriteAllText(prompts, """{ "edema": { "present": ["there is edema."], "absent": ["there is no edema."] } }""");
        var result = ZeroShotEvaluation.Run(
            model, opened, new(["Edema"], folder.File("out")) { Split = null, Prompts = prompts });
        result.Findings[0].Auc!.Value.ShouldBeGreaterThan(0.9);
        result.Findings[0].Interval.ShouldNotBeNull();
        result.Radiographs.ShouldBe((24, 72));
        result.Retrieval.Count.ShouldBe(objective == "contrastive" ? 6 : 0);
        File.Exists(folder.File("out/report.html")).ShouldBeTrue();
        JsonNode.Parse(File.ReadAllText(folder.File("out/results.json")))!["findings"]![0]!["auc"]!.GetValue<double>()
            .ShouldBe(result.Findings[0].Auc!.Value, 1e-12);
        // What labelling reads: every radiograph has a score, those that show the finding the higher ones.
        var scores = ScoreTable.Read(folder.File("out/scores.csv"), [.. opened.Radiographs], "Edema");
        scores.Count.ShouldBe(72);
        scores.Where((_, i) => i % 2 == 1).Average().ShouldBeGreaterThan(scores.Where((_, i) => i % 2 == 0).Average());
    }

    [Fact]
    public void Likelihoods_are_those_of_the_logits()
    {
        var dataset = WriteDataset(folder.File("dataset"));
        Pretrain(dataset, "captioning", "training.max_steps=2");
        using var opened = PreparedDataset.Open(dataset);
        using var model = TextAffinity.Open(folder.File("run"));
        var images = new RadiographBatches(opened, model.Input);
        double measured = model.Measure(images, [5, 6], ["there is edema."], 2)[1][0];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (captioner, _, _) = RadTex.Learning.Checkpoints.ModelFolder.Read(folder.File("run/model"));
        int[] tokens = model.Tokenizer.Encode("there is edema.");
        using var caption = CaptionBatch.Pack([tokens]);
        var hidden = captioner.Decode(captioner.Encode(images.CentreViews([6])), caption);
        double Sum(Tensor of, Tensor targets) => Enumerable.Range(0, tokens.Length - 2).Sum(t =>
            (double)captioner.Logits(of).log_softmax(1)[t, targets[t].item<long>()].item<float>());
        measured.ShouldBe((Sum(hidden.Forward, caption.ForwardTargets) + Sum(hidden.Backward, caption.BackwardTargets)) / 2, 1e-4);
        captioner.Dispose();
    }

    [Fact]
    public void Texts_are_corrected_by_the_pictures_of_other_patients() =>
        TextAffinity.Corrected([1, 3, 5, 9], [0, 0, 1, 2]).ShouldBe([1 - 7, 3 - 7, 5 - 13 / 3.0, 9 - 3]);

    [Fact]
    public void Retrieval_leaves_out_the_patients_other_studies_and_equal_texts_and_counts_ties_against_the_model()
    {
        using var scope = NewDisposeScope();
        var texts = eye(4, dtype: ScalarType.Float32);
        Retrieval.Ahead(texts, texts, [0, 1, 2, 3], [0, 1, 2, 3]).ShouldBe([0, 0, 0, 0]);
        var same = ones([4, 2]);
        Retrieval.Ahead(same, same, [0, 1, 2, 3], [0, 1, 2, 3]).ShouldBe([3, 3, 3, 3]);
        Retrieval.Ahead(same, same, [0, 0, 2, 3], [0, 1, 2, 2]).ShouldBe([2, 2, 2, 2]);
    }

    [Fact]
    public void A_run_that_cannot_be_asked_and_prompts_that_do_not_pair_are_told()
    {
        var dataset = WriteDataset(folder.File("dataset"));
        Pretrain(dataset, "masked-words", "training.max_steps=1");
        Should.Throw<UserErrorException>(() => TextAffinity.Open(folder.File("run"))).Message.ShouldContain("Expected captioning or contrastive");
        Should.Throw<UserErrorException>(() => RadTex.Learning.Reading.RadiographReader.Open(folder.File("run"))).Message
            .ShouldContain("objective masked-words");
        File.WriteAllText(folder.File("prompts.json"), """{ "Edema": { "present": ["edema."], "absent": [] } }""");
        Should.Throw<UserErrorException>(() => FindingPrompts.Read(["Edema"], folder.File("prompts.json"))).Message.ShouldContain("as many of both");
        File.WriteAllText(folder.File("prompts.json"), """{ "Fracture": { "present": ["a."], "absent": ["b."] } }""");
        Should.Throw<UserErrorException>(() => FindingPrompts.Read(["Edema"], folder.File("prompts.json"))).Message.ShouldContain("Fracture");
        FindingPrompts.Of("Pleural Effusion").Absent[2].ShouldBe("no evidence of pleural effusion.");
    }

    private void Pretrain(string dataset, string objective, params string[] settings) => PretrainingProgram.Run(new(
        dataset, folder.File("run"), TinyRun.Configuration(
            ["training.batch_size=12", $"objective.name={objective}", "optimizer.visual_rate=0.01", "optimizer.textual_rate=0.01", .. settings])));

    /// <summary>Every second radiograph is bright in one half, and its report says so; one label of the test, which is a third, disagrees.</summary>
    private static string WriteDataset(string folder)
    {
        var writer = new PreparedDatasetWriter(["Edema"], Side) { Synthetic = true };
        for (int i = 0; i < 72; i++)
        {
            var random = new CounterRandom(3, (ulong)i);
            bool shows = i % 2 == 1;
            byte[] pixels = [.. Enumerable.Range(0, Side * Side)
                .Select(p => (byte)(80 + (shows && p % Side < Side / 2 ? 90 : 0) + random.Below(40)))];
            writer.Add(
                new($"image{i}", $"patient{i}", $"study{i}", "PA", i % 3 == 2 ? Split.Test : Split.Train,
                shows ? "there is edema." : "there is no edema.", [shows || i == 2 ? 1 : 0]), pixels, Side, Side);
        }
        writer.Write(folder);
        return folder;
    }
}
