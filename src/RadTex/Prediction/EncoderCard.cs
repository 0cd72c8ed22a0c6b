using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Prediction;

/// <summary>What one must know to use an encoder: which network it is, what images it takes, where it comes from.</summary>
/// <param name="Architecture">A backbone's name, such as "resnet50".</param>
/// <param name="Width">Channels of the first stage; torchvision's is 64.</param>
/// <param name="Channels">Image channels.</param>
/// <param name="ImageSize">Side in pixels of the square images it was trained on.</param>
/// <param name="Scaling">How pixels become input: "max" divides by the image's largest value (the paper); "imagenet" also standardises with
/// ImageNet's channel statistics; "imagenet255" divides by 255 and standardises, as torchvision (one channel by 0.449 and 0.226); "plusminus1024"
/// maps bytes onto torchxrayvision's range.</param>
/// <param name="Polarity">"MONOCHROME2": bone is bright; "as stored" with intensity liao, which inverts nothing.</param>
/// <param name="FeatureWidth">Length of the pooled feature vector.</param>
/// <param name="Provenance">One line: how it came to be.</param>
/// <param name="Synthetic">Whether it learnt from synthetic radiographs.</param>
/// <param name="WeightsSha256">SHA-256 of the weights file, lower-case hexadecimal.</param>
/// <param name="Intensity">How stored values became grey levels in the radiographs it learnt from: display, liao or equalised; null where it learnt
/// from none.</param>
/// <param name="ShortSide">Short side in pixels of the dataset it learnt from; null where that is not known, as of imported weights.</param>
public sealed record EncoderCard(
    string Architecture, int Width, int Channels, int ImageSize, string Scaling, string Polarity, int FeatureWidth,
    string Provenance, bool Synthetic, string WeightsSha256, string? Intensity = null, int? ShortSide = null)
{
    /// <summary>The polarity of an encoder that learnt from radiographs of this intensity.</summary>
    internal static string PolarityOf(string? intensity) => intensity == ImageIntensity.Liao.Name() ? "as stored" : "MONOCHROME2";

    /// <summary>
    /// How picture files are read for it where no head says: as those it learnt from; at its input's size, intensity display, where the card does not
    /// say.
    /// </summary>
    public PicturePreparation Preparation() => new(ShortSide ?? ImageSize, Intensity ?? ImageIntensity.Display.Name());
}
