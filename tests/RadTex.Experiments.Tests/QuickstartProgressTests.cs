namespace RadTex.Experiments.Tests;

public sealed class QuickstartProgressTests
{
    private sealed class Seen : IProgress<ProgressReport>
    {
        internal List<ProgressReport> Reports { get; } = [];

        public void Report(ProgressReport value) => Reports.Add(value);
    }

    [Fact]
    public void Stage_that_began_first_is_shown_with_the_others_beside_it()
    {
        var seen = new Seen();
        var progress = new QuickstartProgress(seen, 12);
        var first = progress.Begin();
        var second = progress.Begin();
        second.Report(new("heads", 30, 120, "heads")); // not shown by itself
        seen.Reports.ShouldBeEmpty();
        first.Report(new("pretraining", 1, 10, "images", "loss 3.21"));
        seen.Reports.ShouldBe([new("1/12 pretraining", 1, 10, "images", "beside it 2/12 heads 25 %, loss 3.21")]);
        first.Dispose();
        second.Report(new("heads", 60, 120, "heads"));
        using var third = progress.Begin();
        third.Report(new("networks", 1, 2, "networks"));
        second.Report(new("heads", 120, 120, "heads"));
        seen.Reports[1..].ShouldBe([new("2/12 heads", 60, 120, "heads"), new("2/12 heads", 120, 120, "heads", "beside it 3/12 networks 50 %")]);
    }
}
