using System.Globalization;
using RadTex.Imaging.Transforms;

namespace RadTex.Data;

/// <summary>Which augmented picture of a radiograph an encoder sees; where there is none, it sees the centre view.</summary>
/// <param name="Index">Which of the views, from 0.</param>
/// <param name="Augmentation">What they are drawn from.</param>
/// <param name="Seed">Of the draws.</param>
public sealed record View(int Index, AffineAugmentation Augmentation, long Seed)
{
    /// <summary>How cards call the centre view.</summary>
    public const string Centre = "centre";

    /// <summary>The view as cards call it: two views of one name are the same pictures.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"affine view {Index} of ±{Augmentation.Degrees} degrees and ±{Augmentation.Translate} of a side ({Augmentation.Interpolation}), "
            + $"seed {Seed}");
}
