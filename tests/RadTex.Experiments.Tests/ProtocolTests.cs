using RadTex.Experiments.Sweeps;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public void Pathology9_has_the_papers_nine_labels_each_on_its_own()
    {
        var protocol = Protocol.Find("pathology9");
        protocol.Labels.ShouldBe(LabelPolicy.Pathologies);
        protocol.Tasks.Count.ShouldBe(9);
        protocol.IsGraded.ShouldBeFalse();
        string.Join('\n', protocol.Lines()).ShouldContain("blank is not negative");
    }

    [Fact]
    public void Edema_severity_trains_on_regex_grades_and_tests_on_the_consensus()
    {
        var protocol = Protocol.Find("EdemaSeverity");
        protocol.IsGraded.ShouldBeTrue();
        protocol.Tasks.ShouldHaveSingleItem().ShouldBe(new("regex edema_severity", null, "consensus edema_severity"));
        Protocol.Find("EdemaConsensus").Folds.ShouldBe(5);
    }

    [Fact]
    public void Every_protocol_is_versioned_and_some_of_its_labels_can_be_taken()
    {
        Protocol.Known.Select(p => p.Name).ShouldBe(["Pathology9", "EdemaSeverity", "EdemaConsensus", "NIH-14", "CheXpert-5"]);
        Protocol.Known.ShouldAllBe(p => p.Version >= 1 && p.Labels.Count > 0);
        Protocol.Find("NIH-14").With(["hernia", "Mass"]).Labels.ShouldBe(["Hernia", "Mass"]);
        Should.Throw<UserErrorException>(() => Protocol.Find("NIH-14").With(["Gout"])).Message.ShouldContain("'Gout'");
        Should.Throw<UserErrorException>(() => Protocol.Find("Pathology10")).Message.ShouldContain("CheXpert-5");
    }
}
