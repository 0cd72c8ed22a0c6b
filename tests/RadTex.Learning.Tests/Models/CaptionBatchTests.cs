using CsCheck;
using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class CaptionBatchTests
{
    [Fact]
    public void Two_captions_pack_as_written_by_hand()
    {
        using var batch = CaptionBatch.Pack([[2, 7, 8, 3], [2, 9, 3]]);
        batch.Count.ShouldBe(5);
        batch.Longest.ShouldBe(3);
        batch.ForwardTokens.data<long>().ToArray().ShouldBe([2, 7, 8, 2, 9]);
        batch.ForwardTargets.data<long>().ToArray().ShouldBe([7, 8, 3, 9, 3]);
        batch.BackwardTokens.data<long>().ToArray().ShouldBe([3, 8, 7, 3, 9]);
        batch.BackwardTargets.data<long>().ToArray().ShouldBe([8, 7, 2, 9, 2]);
        batch.Positions.data<long>().ToArray().ShouldBe([0, 1, 2, 0, 1]);
        batch.Slots.data<long>().ToArray().ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Unpad_of_pad_is_the_packed_rows() =>
        Gen.Int[2, 9].Array[1, 6].Sample(lengths =>
        {
            using var scope = NewDisposeScope();
            using var batch = CaptionBatch.Pack([.. lengths.Select(n => Enumerable.Range(2, n).ToArray())]);
            var packed = Draw.Normal([batch.Count, 3]);
            var padded = batch.Pad(packed);
            padded.shape.ShouldBe([lengths.Length, lengths.Max() - 1, 3]);
            batch.Unpad(padded).equal(packed).all().item<bool>().ShouldBeTrue();
            padded.sum().item<float>().ShouldBe(packed.sum().item<float>(), 1e-4);
        }, iter: 50);

    [Fact]
    public void A_caption_of_one_token_is_refused() => Should.Throw<ArgumentException>(() => CaptionBatch.Pack([[2]]));
}
