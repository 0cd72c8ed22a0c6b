using RadTex.Imaging;

namespace RadTex.Data;

/// <summary>
/// How a picture file becomes the 8-bit grey bytes that a dataset holds and a model's input is made from. A dataset states it, heads keep
/// that of the dataset they learnt from, and files are read by it: resizing twice is not resizing once.
/// </summary>
/// <param name="ShortSide">The shorter side of the bytes, in pixels; the aspect is kept.</param>
/// <param name="Intensity">How stored values became grey levels: a name of <see cref="ImageIntensities"/>.</param>
public sealed record PicturePreparation(int ShortSide, string Intensity)
{
    /// <summary>The largest <see cref="ShortSide"/> that is accepted, in pixels.</summary>
    public const int LargestShortSide = 4096;

    /// <summary>What reads a file to these bytes.</summary>
    /// <exception cref="UserErrorException">No such intensity.</exception>
    public GreyImageReader Reader(bool anyModality = false) => new(ShortSide, ImageIntensities.Parse(Intensity), anyModality);

    /// <summary>What a dataset has otherwise, in words; null where its rows are what files are read to.</summary>
    public string? DifferenceFrom(PreparedDataset dataset) =>
        this == dataset.Preparation ? null : $"{dataset.Folder} was prepared with {dataset.Preparation}, the model reads pictures with {this}";

    /// <summary>In words, as messages name it: "a short side of 256 px and intensity display".</summary>
    public override string ToString() => $"a short side of {ShortSide} px and intensity {Intensity}";

    /// <summary>This, where it can be and gives at least an input of <paramref name="imageSize"/> pixels.</summary>
    /// <exception cref="UserErrorException">It cannot.</exception>
    internal PicturePreparation Validated(int imageSize, string where)
    {
        if (ShortSide < imageSize || ShortSide > LargestShortSide)
            throw new UserErrorException(
                $"{where} reads pictures at a short side of {ShortSide} px for an input of {imageSize} px. Expected {imageSize} "
                    + $"to {LargestShortSide:N0}.");
        if (!ImageIntensities.Names.Contains(Intensity))
            throw new UserErrorException(
                $"{where} reads pictures with intensity '{Intensity}'. Expected {string.Join(", ", ImageIntensities.Names)}.");
        return this;
    }
}
