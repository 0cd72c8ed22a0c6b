using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>What convolutional encoders with batch norms share: five halvings of the side, and how few values a norm can be trained on.</summary>
internal abstract class ConvolutionalEncoder(EncoderSpec spec) : ImageEncoder(spec)
{
    /// <summary>Pixels of the input for each value of the last stage's features, along one side.</summary>
    internal const int ImageReduction = 32;

    /// <summary>
    /// Values a channel of the last stage must have in a training batch for bfloat16 to be used. Batch norm over fewer divides
    /// by a deviation that hardly any values determine, and amplifies rounding: at 12 values the gradient's norm came out
    /// 8 to 20% off in bfloat16 (golden case "finishing"), at 128 (case "paper") 2%. Below the bound the encoder computes in
    /// its parameters' type.
    /// </summary>
    internal const int FewestValuesForBFloat16 = 128;

    public override int Reduction => ImageReduction;

    public override ScalarType? TypeFor(Tensor images, ScalarType? asked) =>
        training && LastStageValues(images.shape[0], images.shape[2], images.shape[3]) < FewestValuesForBFloat16 ? null : asked;

    public override bool CanTrainOn(long images, long height, long width) => LastStageValues(images, height, width) >= 2;

    // Values a channel of the last stage has in a batch.
    private static long LastStageValues(long images, long height, long width)
    {
        static long Cells(long side) => (side + ImageReduction - 1) / ImageReduction;
        return images * Cells(height) * Cells(width);
    }

    /// <summary>
    /// Images in the order that convolutions are fast in. bfloat16 convolutions are twice as fast with channels innermost; every later layer keeps
    /// the order it gets. Wider types gain little. One channel has both orders at once, and only the strides say which one is meant.
    /// </summary>
    protected static Tensor ChannelsLast(Tensor images)
    {
        if (images.dtype != ScalarType.BFloat16) return images;
        var (B, C, S, W) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        return C == 1
            ? images.contiguous().as_strided([B, 1, S, W], [S * W, 1, W, 1], images.storage_offset())
            : images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }
}
