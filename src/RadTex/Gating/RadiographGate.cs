using RadTex.Imaging;
using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// The one gate before a model: which pictures it is not to judge, and why. <see cref="Look(GreyImage)"/> asks the header and the picture
/// before the encoder runs, <see cref="Check"/> the encoder's features after it. Pictures that cannot be read are no matter of the gate's, but
/// for two faults of which <see cref="Of"/> knows the rule.
/// </summary>
/// <remarks>
/// Safe to use from several threads at once. Rules, thresholds and reasons: docs/protocol.md; what it catches and misses: docs/results/gate.md.
/// </remarks>
/// <param name="likeness">Of the model's training radiographs; null where it carries none: then lateral, turned and unlike pictures pass.</param>
/// <param name="intensity">How pictures are read for the model: with "liao" polarity is as stored, and not asked.</param>
public sealed class RadiographGate(TrainingLikeness? likeness, ImageIntensity intensity = ImageIntensity.Display)
{
    private readonly double[] typical = likeness?.Typical ?? PictureShape.Frontal();

    /// <summary>What the model learnt from, for notes; null where it is not known.</summary>
    public LikenessCard? Card => likeness?.Card;

    /// <summary>Looks at a picture that was read from a file.</summary>
    public GatedPicture Look(GreyImage image) => Look(image.Pixels, image.Height, image.Width, StatedHeader.Of(image));

    /// <summary>Looks at height x width bytes, row by row, and what is stated of them.</summary>
    public GatedPicture Look(ReadOnlySpan<byte> pixels, int height, int width, StatedHeader stated)
    {
        var shape = PictureShape.Of(pixels, height, width);
        return new(stated.Check() ?? CheckShape(shape), shape);
    }

    /// <summary>Why a picture is not judged, once its pooled features are known; null where nothing speaks against it.</summary>
    /// <param name="picture">As it was looked at.</param>
    /// <param name="features">F values of the model's own encoder.</param>
    public Refusal? Check(GatedPicture picture, ReadOnlySpan<float> features)
    {
        if (picture.Refusal is not null || likeness is null) return picture.Refusal;
        double distance = Distance(picture, features)!.Value, threshold = likeness.Card.Threshold;
        if (distance <= threshold) return null; // a feature that is no number is beyond it
        return new(GateRule.Unlike, FormattableString.Invariant(
            $"unlike the {likeness.Card.Radiographs:N0} radiographs the model learnt from: distance {distance:0.00}, usual up to {threshold:0.00}"));
    }

    /// <summary>
    /// How far a picture lies from the training radiographs (<see cref="TrainingLikeness"/>), 1 is usual; null where they are not known.
    /// </summary>
    internal double? Distance(GatedPicture picture, ReadOnlySpan<float> features) => likeness?.Distance(picture.Shape, features);

    /// <summary>The rule behind a fault of reading; null for files that are damaged, of no known kind, or missing.</summary>
    public static Refusal? Of(ImageFault? fault, string message) => fault switch
    {
        ImageFault.NotRadiography => new(GateRule.Modality, $"its header states {message}"),
        ImageFault.Blank => new(GateRule.Blank, $"blank: {message}"),
        _ => null,
    };

    private Refusal? CheckShape(PictureShape shape)
    {
        if (shape.IsNearlyBlank) return new(GateRule.Blank, "nearly blank: one grey almost everywhere");
        var found = shape.Likeness(typical);
        if (intensity == ImageIntensity.Liao) found.Upright = Math.Abs(found.Upright);
        if (found.Upright < PictureShape.Inverted) return new(GateRule.Inverted, "inverted: bone is dark");
        if (likeness is null) return null; // the anatomy alone tells a negative from a positive, no more
        if (PictureShape.TurnedDegrees(found) is { } degrees) return new(GateRule.Turned, $"turned {degrees} degrees clockwise");
        return LateralShape.Excess(shape, found.Upright) > likeness.Card.LateralThreshold
            ? new(GateRule.Lateral, "looks like a lateral radiograph, which no header states")
            : null;
    }
}
