using RadTex.Files;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>Several objectives in one run.</summary>
[Collection(nameof(SerialTorch))]
public sealed class SummedTaskTests : IDisposable
{
    private const string Contrastive = "contrastive";
    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public SummedTaskTests() => dataset = TinyRun.WriteDataset(folder.File("dataset"));

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(Contrastive), InlineData("masked-words")]
    public void A_weight_of_0_leaves_the_run_of_the_other_alone(string other)
    {
        string[] settings = ["optimizer.clip_norm=1000"];
        var alone = Run("alone", TinyRun.Configuration(settings));
        var sum = Run("sum", Sum(1, other, 0, settings));
        sum.WeightsSha256.ShouldBe(alone.WeightsSha256);
        sum.Validation["loss"].ShouldBe(alone.Validation["loss"]);
    }

    [Fact]
    public void A_sum_in_groups_deals_its_batches_as_its_first_objective_alone()
    {
        string[] settings = ["optimizer.clip_norm=1000", "training.batch_size=8", "training.groups=2", "training.drop_last=true"];
        var alone = Run("alone", TinyRun.Configuration(settings));
        Run("sum", Sum(1, Contrastive, 0, settings)).WeightsSha256.ShouldBe(alone.WeightsSha256);
    }

    [Fact]
    public void Gradients_are_the_weighted_sum()
    {
        // Plain gradient descent of one update is linear in the weights.
        float[] After(double captioning, double contrastive)
        {
            var name = FormattableString.Invariant($"{captioning}-{contrastive}");
            Run(name, Sum(
                captioning, Contrastive, contrastive, "training.max_steps=1", "optimizer.name=sgd", "optimizer.momentum=0",
                "optimizer.weight_decay=0",
                "optimizer.clip_norm=100000", "optimizer.visual_rate=0.01", "optimizer.textual_rate=0.01"));
            using var scope = NewDisposeScope();
            var weights = SafeTensors.Read(folder.File($"{name}/model-contrastive/model.safetensors")).Item1;
            return [.. weights.OrderBy(w => w.Key, StringComparer.Ordinal).Where(w => w.Value.is_floating_point())
                .SelectMany(w => w.Value.reshape(-1).data<float>().ToArray())];
        }
        float[] one = After(1, 1), second = After(1, 2), both = After(2, 2), first = After(2, 1);
        one.Zip(second).Max(p => Math.Abs(p.First - p.Second)).ShouldBeGreaterThan(1e-4f);
        for (int i = 0; i < one.Length; i++) (both[i] - first[i]).ShouldBe(second[i] - one[i], 2e-6f);
    }

    [Fact]
    public void An_interrupted_run_ends_with_the_unbroken_runs_weights_and_shares_encoder_and_embedding()
    {
        var configuration = Sum(2, Contrastive, 0.5, "log.checkpoint_every_steps=2");
        var whole = Run("whole", configuration);
        using (var stop = new CancellationTokenSource())
            Should.Throw<OperationCanceledException>(() => PretrainingProgram.Run(
                new(dataset, folder.File("broken"), configuration), null, new StopAt(stop, 7), stop.Token));
        Run("broken", configuration).WeightsSha256.ShouldBe(whole.WeightsSha256);
        string Hash(string name) => FileHash.Sha256(folder.File($"{name}/model-contrastive/model.safetensors"));
        Hash("broken").ShouldBe(Hash("whole"));
        whole.Validation.Keys.ShouldBe(
            ["loss", "forward", "backward", "shuffled_loss", "shuffled_forward", "shuffled_backward", Contrastive, "recall_at_1"], ignoreOrder: true);
        using var scope = NewDisposeScope();
        var captioning = SafeTensors.Read(folder.File("whole/model/model.safetensors")).Item1;
        var contrastive = SafeTensors.Read(folder.File("whole/model-contrastive/model.safetensors")).Item1;
        foreach (
            var name in contrastive.Keys
                .Where(n => n.StartsWith("visual.", StringComparison.Ordinal) || n.StartsWith("textual.embedding.", StringComparison.Ordinal)))
            contrastive[name].equal(captioning[name]).all().item<bool>().ShouldBeTrue(name);
        ModelFolder.ReadContrastive(folder.File("whole/model-contrastive")).Model.Dispose();
    }

    [Fact]
    public void The_configuration_takes_a_list_and_tells_its_faults()
    {
        var file = folder.File("config.json");
        PretrainingConfiguration Read(string objective, params string[] assignments)
        {
            File.WriteAllText(file, $$"""{ "preset": "phantom", "objective": {{objective}} }""");
            return ConfigurationReader.Read(null, file, assignments);
        }
        string Fault(string objective, params string[] assignments) =>
            Should.Throw<UserErrorException>(() => Read(objective, assignments)).Message;
        Read("""[{ "name": "masked-words", "share": 0.2 }, { "name": "contrastive", "weight": 0.5 }]""").Objective.ShouldBe(
            new SummedObjective([new(new MaskedWordsObjective(Share: 0.2)), new(new ContrastiveObjective(), 0.5)]));
        Fault("""[{ "name": "captioning" }]""").ShouldContain("objective is a list of 1 (expected two or more");
        Fault("""[{ "name": "captioning" }, { "name": "captioning", "weight": -1 }]""").ShouldSatisfyAllConditions(
            m => m.ShouldContain("names captioning twice"), m => m.ShouldContain("weight of captioning is -1"));
        Fault("""[{ "name": "captioning" }, { "name": "labels" }]""").ShouldContain("objective labels is a term of a sum");
        Fault("""[{ "name": "captioning", "wings": 2 }, { "name": "contrastive", "weight": "much" }, 3]""").ShouldSatisfyAllConditions(
            m => m.ShouldContain("objective.wings is not known"), m => m.ShouldContain("objective.weight is"), m => m.ShouldContain("an entry 3"));
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("coca", null, ["objective.directions=both"])).Message
            .ShouldContain("objective is a list here");
        ConfigurationReader.Read("coca", null, ["objective.name=captioning"]).Objective.ShouldBe(new CaptioningObjective());
        ((SummedObjective)ConfigurationReader.Read("coca").Objective).Terms.Select(t => (t.Objective.Name, t.Weight))
            .ShouldBe([("captioning", 2), (Contrastive, 1)]);
    }

    private static PretrainingConfiguration Sum(double captioning, string other, double weight, params string[] settings) =>
        TinyRun.Configuration(settings) with
        {
            Objective = new SummedObjective([new(new CaptioningObjective(), captioning), new(Objectives.Find(other)!, weight)]),
        };

    private PretrainingResult Run(string name, PretrainingConfiguration configuration) =>
        PretrainingProgram.Run(new(dataset, folder.File(name), configuration));
}
