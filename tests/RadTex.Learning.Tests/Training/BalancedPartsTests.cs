using RadTex.Learning.Training;

namespace RadTex.Learning.Tests.Training;

public sealed class BalancedPartsTests
{
    [Theory, InlineData(16, 2), InlineData(16, 4), InlineData(7, 3), InlineData(128, 2)]
    public void Parts_have_their_sizes_and_nearly_equal_costs(int count, int parts)
    {
        int[] batch = [.. Enumerable.Range(100, count)];
        static long Tokens(int radiograph) => 20 + (long)radiograph * 7919 % 97;
        var dealt = BalancedParts.Deal(batch, parts, Tokens);
        dealt.Order().ShouldBe(batch);
        PartOfBatch[] cut = [.. Enumerable.Range(0, parts).Select(p => PartOfBatch.Cut(0, dealt, p, parts))];
        cut.Select(p => p.Radiographs.Count).ShouldBe(Enumerable.Range(0, parts).Select(p => PartOfBatch.Cut(0, batch, p, parts).Radiographs.Count));
        foreach (var part in cut) part.Radiographs.ShouldBeInOrder();
        long[] sums = [.. cut.Where(p => p.Radiographs.Count == cut.Max(c => c.Radiographs.Count)).Select(p => p.Radiographs.Sum(Tokens))];
        (sums.Max() - sums.Min()).ShouldBeLessThan(97);
    }

    [Fact]
    public void One_part_is_the_batch_as_drawn()
    {
        int[] batch = [5, 3, 9];
        BalancedParts.Deal(batch, 1, i => i).ShouldBe(batch);
    }
}
