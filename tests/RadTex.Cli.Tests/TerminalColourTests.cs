namespace RadTex.Cli.Tests;

public sealed class TerminalColourTests
{
    [Theory]
    [InlineData(null, 80)]
    [InlineData("132", 132)]
    [InlineData("0", 80)]
    [InlineData("wide", 80)]
    [InlineData("100000", 80)]
    public void Output_that_is_no_terminal_is_as_wide_as_COLUMNS_says(string? variable, int expected) =>
        TerminalColour.ColumnsOf(variable).ShouldBe(expected);
}
