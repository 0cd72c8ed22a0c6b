using System.Text.Json.Nodes;
using RadTex.Heads;
using RadTex.Inspection;

namespace RadTex.Tests.Heads;

/// <summary>Heads in a folder as transfers write it, made here by hand.</summary>
public sealed class TrainedHeadTests : IDisposable
{
    private const string Encoder = "0123456789abcdef";

    private readonly TemporaryFolder folder = new();
    private readonly List<(string Name, LinearHead Head)> weights = [];
    private readonly JsonArray list = [];

    private string Heads => folder.File("heads");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_each_task_the_head_of_most_labels_is_taken_logistic_first_and_the_first_trial()
    {
        Write(("Edema", 10, 0, "logistic"), ("Edema", 100, 1, "logistic"), ("Edema", 100, 0, "paper"), ("Edema", 100, 0, "logistic"),
            ("Effusion", 30, 2, "paper"));
        var read = TrainedHead.Read(Heads, Encoder, []);
        read.Select(h => h.Name).ShouldBe(["Edema/n100/trial0/logistic", "Effusion/n30/trial2/paper"]);
        var (first, second) = (read[0], read[1]);
        (first.Task, first.Examples, first.Trial, first.Kind).ShouldBe(("Edema", 100, 0, HeadKind.Logistic));
        first.Weights.Weights.ShouldBe(weights[3].Head.Weights);
        first.Weights.Biases.ShouldBe(weights[3].Head.Biases);
        (first.Threshold!.Probability, first.Preparation!.ShortSide, first.Preparation.Intensity).ShouldBe((0.4, 64, "display"));
        first.Classes.ShouldBe([1]);
        second.Kind.ShouldBe(HeadKind.Paper);
        TrainedHead.Read(Heads, Encoder, [], allTrials: true).Select(h => h.Name)
            .ShouldBe(["Edema/n100/trial0/logistic", "Edema/n100/trial1/logistic", "Effusion/n30/trial2/paper"]);
        TrainedHead.Read(Heads, Encoder, ["Edema/n10/trial0/logistic"]).Single().Examples.ShouldBe(10);
        (TrainedHead.AreIn(Heads), TrainedHead.AreIn(folder.Path)).ShouldBe((true, false));
    }

    [Fact]
    public void Probabilities_of_several_heads_stand_side_by_side()
    {
        Write(("Edema", 10, 0, "logistic"), ("Effusion", 10, 0, "logistic"));
        var heads = TrainedHead.Read(Heads, Encoder, []);
        float[] features = [1, 2, -1, 0.5f, 0, 3];
        var both = TrainedHead.Probabilities(heads, features, 2);
        both.Length.ShouldBe(4);
        for (int i = 0; i < 2; i++)
            for (int k = 0; k < 2; k++)
                both[2 * i + k].ShouldBe((float)heads[k].Weights.Probabilities(features)[i]);
    }

    [Fact]
    public void Heads_of_another_encoder_unknown_names_and_folders_without_heads_are_refused()
    {
        Refusal(Encoder, []).ShouldContain("No heads in");
        Write(("Edema", 10, 0, "logistic"));
        Refusal("fedc", []).ShouldContain("another encoder than this one, whose weights have the SHA-256 fedc");
        Refusal(Encoder, ["Edema/n11/trial0/logistic"]).ShouldContain("has no head 'Edema/n11/trial0/logistic'. It has Edema/n10/trial0/logistic.");
        list[0]!["classes"] = 3;
        Save();
        Refusal(Encoder, []).ShouldContain("Edema/n10/trial0/logistic is missing or of another shape");
        list[0]!["classes"] = 2;
        list[0]!.AsObject().Remove("preparation");
        Save();
        Refusal(Encoder, []).ShouldContain("does not say at which short side the radiographs were prepared");
        File.WriteAllText(Path.Combine(Heads, TransferLayout.HeadList), "[");
        Refusal(Encoder, []).ShouldContain("is no file of the step 'transfer'");
    }

    [Fact]
    public void Recalibrated_head_has_slope_and_intercept_in_its_weights_and_says_so()
    {
        Write(("Edema", 10, 0, "logistic"), ("Effusion", 10, 0, "logistic"));
        var change = new HeadRecalibration(-0.5, 2, "intercept and slope", 40, 60, "local.csv", new string('a', 64));
        RecalibratedHeads.Write(Heads, folder.File("local"), "Edema/n10/trial0/logistic", change, new(0.3, "local", 40, 60), SeenRadiographs.Nothing);

        var (before, after) = (
            TrainedHead.Read(Heads, Encoder, ["Edema/n10/trial0/logistic"])[0], TrainedHead.Read(folder.File("local"), Encoder, []).Single());
        after.Weights.Weights.ShouldBe(before.Weights.Weights.Select(w => w * 2));
        after.Weights.Biases.ShouldBe(before.Weights.Biases.Select(b => b * 2 - 0.5));
        after.Threshold!.Probability.ShouldBe(0.3);
        after.Recalibrations.ShouldNotBeNull().Single().ShouldBe(change);
        before.Recalibrations.ShouldBeNull();
        JsonNode.Parse(File.ReadAllText(folder.File("local/heads.json")))![0]!.AsObject().ContainsKey("scores").ShouldBeFalse();

        var again = change with { Slope = 1, Intercept = 1 };
        RecalibratedHeads.Write(folder.File("local"), folder.File("twice"), after.Name, again, null, SeenRadiographs.Nothing);
        var twice = TrainedHead.Read(folder.File("twice"), Encoder, []).Single();
        twice.Recalibrations!.ShouldBe([change, again]);
        twice.Threshold.ShouldBeNull();

        Should.Throw<UserErrorException>(
            () => RecalibratedHeads.Write(Heads, folder.File("local"), after.Name, change, null, SeenRadiographs.Nothing))
            .Message.ShouldEndWith("exists. Expected a new name.");
        Should.Throw<UserErrorException>(() => RecalibratedHeads.Write(Heads, folder.File("none"), "Edema", change, null, SeenRadiographs.Nothing))
            .Message.ShouldEndWith("has no head 'Edema'.");
        Directory.Exists(folder.File("none")).ShouldBeFalse();
    }

    private string Refusal(string encoder, string[] names) => Should.Throw<UserErrorException>(() => TrainedHead.Read(Heads, encoder, names)).Message;

    private void Write(params (string Task, int Count, int Trial, string Head)[] heads)
    {
        foreach (var (task, count, trial, head) in heads)
        {
            var name = $"{task}/n{count}/trial{trial}/{head}";
            double k = weights.Count + 1;
            weights.Add((name, new(2, 3, [0.1 * k, -0.2, 0.3], [0.05 * k])));
            list.Add(new JsonObject
            {
                ["name"] = name,
                ["task"] = task,
                ["count"] = count,
                ["trial"] = trial,
                ["head"] = head,
                ["classes"] = 2,
                ["features"] = 3,
                ["threshold"] = new JsonObject { ["probability"] = 0.4, ["rule"] = "sensitivity 0.9", ["positives"] = 12, ["negatives"] = 30 },
                ["preparation"] = new JsonObject { ["short_side"] = 64, ["intensity"] = "display" },
                ["scores"] = new JsonObject { ["auc"] = 0.8 },
            });
        }
        Save();
    }

    private void Save()
    {
        Directory.CreateDirectory(Heads);
        HeadWeightsFile.Write(Path.Combine(Heads, TransferLayout.HeadWeights), [.. weights]);
        File.WriteAllText(Path.Combine(Heads, TransferLayout.HeadList), list.ToJsonString());
        File.WriteAllText(Path.Combine(Heads, TransferLayout.Metrics), $$"""{"identity":{"train":{"encoder_sha256":"{{Encoder}}"} } }""");
    }
}
