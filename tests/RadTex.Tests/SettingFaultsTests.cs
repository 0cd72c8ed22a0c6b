using System.ComponentModel.DataAnnotations;

namespace RadTex.Tests;

public sealed class SettingFaultsTests
{
    [Fact]
    public void Members_out_of_range_are_told_by_path_with_what_was_expected()
    {
        var settings = new Outer(
            new(0, 1, 1), [new(3, 0.5, 0.5), new(70_000, double.NaN, -1)], new Dictionary<string, Inner> { ["one"] = new(1, 0.5, -0.1) });
        SettingFaults.Of(settings, "").ShouldBe(
        [
            "inner.count is 0 (expected 1 to 65,536)", "inner.part is 1 (expected above 0, below 1)",
            "list.1.count is 70,000 (expected 1 to 65,536)", "list.1.part is NaN (expected above 0, below 1)",
            "list.1.rate is -1 (expected 0 or more)", "named.one.rate is -0.1 (expected 0 or more)",
        ]);
    }

    [Fact]
    public void Settings_within_their_ranges_have_no_fault() =>
        SettingFaults.Of(new Outer(new(1, 0.5, 0), null, null), "x").ShouldBeEmpty();

    private sealed record Outer(Inner Inner, IReadOnlyList<Inner>? List, IReadOnlyDictionary<string, Inner>? Named);

    private sealed record Inner(
        [property: Range(1, 65_536)] int Count, [property: Range(0.0, 1, MinimumIsExclusive = true, MaximumIsExclusive = true)] double Part,
        [property: Range(0.0, double.MaxValue)] double Rate);
}
