using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Studies;

namespace RadTex.Learning.Reading;

/// <summary>Finds what is to be read: pictures, folders of them, or a split of a prepared dataset.</summary>
/// <param name="imageSize">The model's input, in pixels.</param>
/// <param name="intensity">Of the radiographs the model learnt from; null where it is not known.</param>
/// <param name="shortSide">Of the dataset the model learnt from, in pixels: files are read at it; null for the model's input.</param>
/// <param name="anyModality">Read DICOM of any modality, not of radiography alone.</param>
public sealed class ReadingInputs(int imageSize, string? intensity, int? shortSide = null, bool anyModality = false)
{
    private const int PicturesAtOnce = 16;

    private readonly InputPipeline pipeline =
        new(new(shortSide ?? imageSize, intensity ?? ImageIntensity.Display.Name()), new(imageSize), anyModality);

    /// <summary>What a model reads.</summary>
    public static ReadingInputs Of(ModelCard card, bool anyModality = false) => new(card.ImageSize, card.Intensity, card.ShortSide, anyModality);

    /// <summary>The radiographs of a split, one a study, in the order of the dataset.</summary>
    /// <param name="dataset">Stays the caller's to dispose.</param>
    /// <param name="split">Which.</param>
    /// <param name="most">At most so many; null for all.</param>
    /// <param name="withText">Only those that have a report.</param>
    /// <exception cref="UserErrorException">The split is empty, or of another intensity than the model's.</exception>
    public IReadOnlyList<ReadingImage> OfSplit(PreparedDataset dataset, Split split, int? most = null, bool withText = false)
    {
        dataset.RequireIntensity(intensity, "The model");
        if (dataset.ShortSide < imageSize)
            throw new UserErrorException(
                $"{dataset.Folder} was prepared with a short side of {dataset.ShortSide} pixels, the model reads {imageSize} x "
                    + $"{imageSize}. Prepare it with the setting 'short-side' = {imageSize}.");
        bool IsRead(PreparedRadiograph row) => (row.View.Length == 0 || Views.IsFrontal(row.View)) && (!withText || row.Text is not null);
        var rows = dataset.Studies.OnePerStudy(dataset.IndicesOf(split).Where(i => IsRead(dataset[i]))).Take(most ?? int.MaxValue)
            .Select(i => dataset[i]).ToList();
        if (rows.Count == 0)
            throw new UserErrorException(
                $"{dataset.Folder} has no frontal radiograph{(withText ? " with a report" : "")} in its split {split.Name()}.");
        return [.. rows.Select(
            row => new ReadingImage(
                row.ImageId, dataset.Pixels(row.Index).ToArray(), row.Height, row.Width, row.Text, row.PatientId) { Stated = new(row.View) })];
    }

    /// <summary>The pictures of files and folders.</summary>
    /// <param name="paths">Picture files, or folders that are searched with all below them.</param>
    /// <param name="most">Opens so many at most; null for all.</param>
    /// <returns>What can be opened, what the gate refuses as it is, and why the rest cannot be opened, by path.</returns>
    /// <exception cref="UserErrorException">A path does not exist, or nothing can be opened; then the message says why of the first.</exception>
    public (
        IReadOnlyList<ReadingImage> Images, IReadOnlyList<(string Path, Refusal Refusal)> Refused,
        IReadOnlyList<(string Path, string Reason)> Rejected) OfFiles(
        IReadOnlyList<string> paths, int? most = null)
    {
        var found = PictureFeed.Of(paths);
        var images = new List<ReadingImage>();
        var refused = new List<(string Path, Refusal Refusal)>();
        List<(string Path, string Reason)> rejected = [.. found.LeftOut];
        // Where so many at most are read, no further one is opened.
        foreach (var batch in found.Read(pipeline, most is null ? PicturesAtOnce : 1))
        {
            using var ended = batch;
            images.AddRange(batch.Names.Zip(batch.Pictures, (name, picture) =>
                new ReadingImage(name, picture.Pixels, picture.Height, picture.Width) { Stated = StatedHeader.Of(picture) }));
            foreach (var (name, reason, fault) in batch.Rejected)
                if (RadiographGate.Of(fault, reason) is { } refusal) refused.Add((name, refusal));
                else rejected.Add((name, reason));
            if (images.Count == most) break;
        }
        if (images.Count + refused.Count == 0)
            throw new UserErrorException(
                $"Nothing to read: {rejected[0].Path}: {rejected[0].Reason}{(rejected.Count > 1 ? $" (and {rejected.Count - 1:N0} more)" : "")}.");
        return (images, refused, rejected);
    }
}
