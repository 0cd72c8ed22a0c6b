using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>What the contrastive objective adds to the contract that all objectives keep.</summary>
[Collection(nameof(SerialTorch))]
public sealed class ContrastiveTaskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public ContrastiveTaskTests() => dataset = TinyRun.WriteDataset(folder.File("dataset"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_sigmoid_form_learns_moves_its_temperature_and_an_interrupted_run_is_the_unbroken_one()
    {
        string[] settings =
            ["objective.name=contrastive", "objective.form=sigmoid", "objective.text=report", "objective.projection=16", "training.epochs=12",
            "optimizer.visual_rate=0.01", "optimizer.textual_rate=0.01", "log.checkpoint_every_steps=2"];
        var whole = Run("whole", settings);
        double[] losses =
            [.. TrainingLog.Read(RunFolder.LogPath(whole.Run)).Where(line => line.Kind == "train").Select(line => line.Values["loss"])];
        losses[^6..].Average().ShouldBeLessThan(0.8 * losses[..6].Average());
        whole.Validation.Keys.ShouldBe(["contrastive", "recall_at_1"]);
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => PretrainingProgram.Run(
                new(dataset, folder.File("broken"), TinyRun.Configuration(settings)), null, new StopAt(stop, 40), stop.Token));
        Run("broken", settings).WeightsSha256.ShouldBe(whole.WeightsSha256);
    }

    [Fact]
    public void Sentences_are_drawn_by_step_and_the_same_again()
    {
        using var opened = PreparedDataset.Open(dataset);
        var tokenizer = new ReportTokenizer(VocabularyBuilder.Build(CaptionCorpus.Read(dataset), 200));
        var texts = PairedTexts.Make(opened, tokenizer, PairedText.Sentence, CancellationToken.None);
        texts.Radiographs.ShouldBe(16);
        texts.At(0, 1, 5).ShouldBe(texts.At(0, 1, 5));
        PairedTexts.Make(opened, tokenizer, PairedText.Report, CancellationToken.None).At(0, 1, 0).ShouldBe(tokenizer.Encode(opened[0].Text!));
    }

    [Fact]
    public void Settings_out_of_range_and_a_part_of_one_radiograph_are_told()
    {
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("convirt", null, ["objective.temperature=0"])).Message
            .ShouldContain("objective.temperature is 0 (expected 0.001 to 100)");
        Should.Throw<UserErrorException>(() => Run("run", "objective.name=contrastive", "training.groups=4")).Message
            .ShouldContain("no other pairing to be told from");
        ConfigurationReader.Read("siglip").Objective.ShouldBe(new ContrastiveObjective(ContrastiveForm.Sigmoid, Text: PairedText.Report));
    }

    [Fact]
    public void A_temperature_that_ran_off_is_told_with_what_to_do()
    {
        using var opened = PreparedDataset.Open(dataset);
        var configuration = TinyRun.Configuration("objective.name=contrastive", "objective.form=sigmoid", "objective.projection=16");
        var vocabulary = VocabularyBuilder.Build(CaptionCorpus.Read(dataset), 200);
        using var made = configuration.Objective.Create(new(configuration, opened, vocabulary, CPU, _ => { }, CancellationToken.None));
        made.Task.Validate(CancellationToken.None).Count.ShouldBe(2);
        using (no_grad()) ((ContrastiveModel)made.Task.Model).LogScale.fill_(Scalars.Of(8));
        Should.Throw<DivergenceException>(() => made.Task.Validate(CancellationToken.None)).Message.ShouldBe(
            "The learned temperature ran off: cosines are multiplied by 2.981e+3, expected 0.001 to 1,000. Lower optimizer.textual_rate, or take "
                + "objective.form=softmax.");
    }

    private PretrainingResult Run(string name, params string[] assignments) =>
        PretrainingProgram.Run(new(dataset, folder.File(name), TinyRun.Configuration(assignments)));
}
