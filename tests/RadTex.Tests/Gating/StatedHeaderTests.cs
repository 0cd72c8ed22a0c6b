using RadTex.Gating;

namespace RadTex.Tests.Gating;

public sealed class StatedHeaderTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("PA", "CHEST", "DX")]
    [InlineData("AP Supine", "PORT CHEST", "CR")]
    [InlineData("PA", "THORAX", "DR")]
    [InlineData("", "Torax PA", "")]
    [InlineData("", "UNKNOWN", "")]
    public void Header_of_a_frontal_chest_radiograph_passes(string view, string bodyPart, string modality) =>
        new StatedHeader(view, bodyPart, modality).Check().ShouldBeNull();

    [Theory]
    [InlineData("LL", "CHEST", "DX", GateRule.View, "its header states view LL, which is not frontal")]
    [InlineData("LATERAL", "", "", GateRule.View, "its header states view LATERAL, which is not frontal")]
    [InlineData("AP OBLIQUE", "", "", GateRule.View, "its header states view AP OBLIQUE, which is not frontal")]
    [InlineData("AP", "HAND", "CR", GateRule.BodyPart, "its header states body part HAND, not the chest")]
    [InlineData("AP", "EXTREMITY", "CR", GateRule.BodyPart, "its header states body part EXTREMITY, not the chest")]
    [InlineData("PA", "CHEST", "MR", GateRule.Modality, "its header states modality MR; expected CR, DX, DR")]
    [InlineData("", "Doe^Jane", "", GateRule.BodyPart, "its header states body part (unreadable), not the chest")]
    public void Header_of_anything_else_is_refused_with_its_own_words(string view, string bodyPart, string modality, GateRule rule, string reason) =>
        new StatedHeader(view, bodyPart, modality).Check().ShouldBe(new Refusal(rule, reason));
}
