namespace RadTex.Tests;

public sealed class TerminalTableTests
{
    private static readonly string[] Header = ["label", "AUC [95% interval]", "average precision", "accuracy"];
    private static readonly string[][] Rows = [["Edema", "0.712 [0.650, 0.774]", "0.5", "0.81"], ["Support Devices", "n/a", "0.25", "0.7"]];

    [Fact]
    public void Table_that_fits_is_one_block_with_figures_to_the_right() => TerminalTable.Lines(Header, Rows).ShouldBe(
    [
        "label              AUC [95% interval]  average precision  accuracy",
        "Edema            0.712 [0.650, 0.774]                0.5      0.81",
        "Support Devices                   n/a               0.25       0.7",
    ]);

    [Fact]
    public void Columns_that_do_not_fit_follow_in_blocks_with_the_keys_before_them() => TerminalTable.Lines(Header, Rows, width: 50).ShouldBe(
    [
        "label              AUC [95% interval]",
        "Edema            0.712 [0.650, 0.774]",
        "Support Devices                   n/a",
        "",
        "label            average precision  accuracy",
        "Edema                          0.5      0.81",
        "Support Devices               0.25       0.7",
    ]);

    [Fact]
    public void Cells_are_not_cut_and_keys_may_stand_alone()
    {
        TerminalTable.Lines(Header, Rows, width: 5).ShouldContain("Edema            0.712 [0.650, 0.774]");
        TerminalTable.Lines(["a", "b"], [["1", "2"]], keys: 2).ShouldBe(["a  b", "1  2"]);
    }
}
