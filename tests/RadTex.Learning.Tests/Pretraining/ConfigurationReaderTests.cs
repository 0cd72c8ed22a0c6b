using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;

namespace RadTex.Learning.Tests.Pretraining;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Paper_states_the_papers_values()
    {
        var paper = ConfigurationReader.Read("paper");
        paper.Model.ShouldBe(new("resnet50", 64, 1, 1024, 1, 16, 4096, 0.1));
        paper.Image.ShouldBe(new(256, IntensityScaling.Max, 20, 0.1, Interpolation.Bilinear));
        paper.Text.ShouldBe(new(170, false, VocabularyChoice.SciBert, 10_000, 2));
        paper.Optimizer.ShouldBe(new(OptimizerKind.Sgd, 0.2, 0.001, 0.9, 1e-4, 5, 0.5, 10, 0.05));
        paper.Training.ShouldBe(new(50, 128, 2, true, Precision.Auto, 0, 0));
        ConfigurationReader.Read("reading").ShouldBe(paper with { Preset = "reading", Training = paper.Training with { Epochs = 200 } });
    }

    [Theory, InlineData("paper"), InlineData("reading"), InlineData("small"), InlineData("phantom")]
    public void Every_preset_is_without_fault(string name) => ConfigurationReader.Read(name).Faults().ShouldBeEmpty();

    [Fact]
    public void File_with_comments_overrides_the_preset_and_assignments_override_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("run.json");
        File.WriteAllText(file, """
            {
              "preset": "phantom", // for a laptop
              "training": { "epochs": 3, "seed": 7, },
              /* narrower */ "model": { "hidden": 128 }
            }
            """);
        var read = ConfigurationReader.Read(null, file, ["training.epochs=5", "optimizer.name=sgd"]);
        var preset = PretrainingConfiguration.OfPreset("phantom");
        read.ShouldBe(preset with
        {
            Training = preset.Training with { Epochs = 5, Seed = 7 },
            Model = preset.Model with { Hidden = 128 },
            Optimizer = preset.Optimizer with { Name = OptimizerKind.Sgd },
        });
    }

    [Fact]
    public void All_faults_are_told_together()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("run.json");
        File.WriteAllText(file, """{ "training": { "epochz": 3, "batch_size": "many", "groups": 3 }, "modle": {}, "image": { "degrees": 400 } }""");
        var message = Should.Throw<UserErrorException>(
            () => ConfigurationReader.Read("phantom", file, ["model.heads=5", "optimizer=adamw", "log.every_steps=1.5"])).Message;
        message.ShouldContain("8 faults");
        foreach (
            var fault in new[] { "training.epochz is not known", "batch_size is \"many\" (expected a whole number)", "training.groups is 3",
                "section modle is not known", "image.degrees is 400", "heads 5", "'optimizer=adamw'", "log.every_steps is 1.5" })
            message.ShouldContain(fault);
    }

    [Theory, InlineData("{ \"training\": 3 }", "expected an object"), InlineData("[]", "holds no object"),
        InlineData("{ \"training\": { \"seed\": 1, \"seed\": 2 } }", "no JSON"),
        InlineData("{ \"training\": { \"seed\": null } }", "training.seed is null")]
    public void Malformed_file_is_a_users_error(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("run.json"), content);
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("phantom", folder.File("run.json"))).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("training.epochs=\u0663")] // an Arabic digit
    [InlineData("training.epochs=1e1")]
    [InlineData("training.epochs=1,000")]
    [InlineData("training.epochs=3.0")]
    public void Whole_numbers_are_read_as_those_of_options_are(string assignment) =>
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("phantom", null, [assignment])).Message
            .ShouldContain("expected a whole number");

    [Fact]
    public void Leading_zeros_and_signs_are_taken_as_those_of_options_are() =>
        ConfigurationReader.Read("phantom", null, ["training.epochs=+07"]).Training.Epochs.ShouldBe(7);

    [Fact]
    public void Preset_named_twice_differently_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("run.json"), """{ "preset": "small" }""");
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("paper", folder.File("run.json"))).Message.ShouldContain("preset");
        ConfigurationReader.Read(null, folder.File("run.json")).Preset.ShouldBe("small");
    }

    [Fact]
    public void Objective_is_a_section_of_its_own_keys()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("run.json"), """{ "objective": { "labels": ["Edema"], "name": "labels" } }""");
        ConfigurationReader.Read("phantom", folder.File("run.json")).Objective.ShouldBe(new LabelsObjective(["Edema"]));
        ConfigurationReader.Read("phantom").Objective.ShouldBe(new CaptioningObjective());
        ConfigurationReader.Read("phantom", null, ["objective.labels=Edema, Gout", "objective.name=labels"]).Objective
            .ShouldBe(new LabelsObjective(["Edema", "Gout"]));
        ConfigurationReader.Read("phantom", folder.File("run.json"), ["objective.name=captioning", "objective.directions=forward"]).Objective
            .ShouldBe(new CaptioningObjective(CaptionDirections.Forward));
        ConfigurationReader.Read("phantom", folder.File("run.json")).Resolved()["objective"]!.ToJsonString()
            .ShouldBe("""{"name":"labels","labels":["Edema"]}""");
        ConfigurationReader.Read("phantom").Resolved()["objective"]!.ToJsonString().ShouldBe("""{"name":"captioning","directions":"both"}""");
    }

    [Fact]
    public void A_whole_objective_or_a_sum_may_be_assigned()
    {
        ConfigurationReader.Read("phantom", null, ["objective.masked=0.8", "objective={\"name\":\"masked-words\",\"share\":0.2}"]).Objective
            .ShouldBe(new MaskedWordsObjective(0.2, 0.8));
        ConfigurationReader.Read("phantom", null, ["objective=[{\"name\":\"captioning\",\"weight\":2},{\"name\":\"contrastive\"}]"])
            .Objective.ShouldBe(new SummedObjective([new(new CaptioningObjective(), 2), new(new ContrastiveObjective())]));
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("phantom", null, ["objective=captioning"])).Message
            .ShouldContain("objective is \"captioning\" (expected an object of keys)");
    }

    [Theory, InlineData("objective.name=rhyming", "objective.name is \"rhyming\" (expected one of captioning, labels"),
        InlineData("objective.labels=Edema", "objective.labels is not known (expected one of name, directions)"),
        InlineData("objective.directions=sideways", "objective.directions is \"sideways\" (expected one of both, forward)")]
    public void Fault_of_an_objective_is_told(string assignment, string expected) =>
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("phantom", null, [assignment])).Message.ShouldContain(expected);

    [Fact]
    public void Directions_are_read_where_earlier_versions_had_them()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("run.json"), """{ "training": { "directions": "forward" } }""");
        var forward = new CaptioningObjective(CaptionDirections.Forward);
        ConfigurationReader.Read("phantom", folder.File("run.json")).Objective.ShouldBe(forward);
        ConfigurationReader.Read("phantom", null, ["training.directions=forward"]).Objective.ShouldBe(forward);
    }
}
