namespace RadTex.Cli.Tests;

public sealed class ProgressDisplayTests
{
    [Theory]
    [InlineData(60, "pretraining 4/4  epoch 1, loss 12.558, 615 tokens/s")]
    [InlineData(45, "pretraining 4/4  epoch 1, loss 12.558")]
    [InlineData(20, "pretraining 4/4")]
    [InlineData(8, "pretrain")]
    public void A_line_too_long_loses_whole_parts_of_its_detail(int width, string expected) =>
        ProgressDisplay.Fitted("pretraining 4/4", "epoch 1, loss 12.558, 615 tokens/s", width).ShouldBe(expected);

    [Fact]
    public async Task What_is_done_is_told_once_and_another_part_of_the_stage_begins_anew()
    {
        var told = await CapturedConsole.CaptureErrorAsync(() =>
        {
            using var display = new ProgressDisplay();
            display.Report(new("comparing", 27, 27, "radiographs"));
            display.Report(new("comparing", 27, 27, "radiographs"));
            display.Report(new("comparing", 39, 39, "radiographs"));
        });
        told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(']')[1].Trim())
            .ShouldBe(["27/27 radiographs", "39/39 radiographs"]);
    }
}
