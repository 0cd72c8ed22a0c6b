using RadTex.Imaging;
using RadTex.Imaging.Transforms;

namespace RadTex.Data;

/// <summary>
/// The one path from a picture to a model's input: file, then 8-bit grey bytes as a dataset holds them (<see cref="PicturePreparation"/>), then
/// reduction, crop and scaling (<see cref="RadiographInput"/>). Files and rows of a dataset of the same preparation give equal inputs, to the bit.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed class InputPipeline
{
    private const string OutsideFolder = "the path leads out of the folder of pictures";

    private readonly GreyImageReader reader;

    /// <summary>A path to the input of one model.</summary>
    /// <param name="preparation">From a file to bytes.</param>
    /// <param name="input">From bytes to a model's input.</param>
    /// <param name="anyModality">Read DICOM of any modality, not of radiography alone.</param>
    /// <exception cref="UserErrorException">The preparation gives less than the input takes.</exception>
    public InputPipeline(PicturePreparation preparation, RadiographInput input, bool anyModality = false)
    {
        Preparation = preparation.Validated(input.ImageSize, "The model");
        Input = input;
        reader = preparation.Reader(anyModality);
    }

    /// <summary>How a file becomes 8-bit grey bytes: at what short side, by which intensity.</summary>
    public PicturePreparation Preparation { get; }

    /// <summary>How those bytes become a model's input, [C, S, S] float32 a picture.</summary>
    public RadiographInput Input { get; }

    /// <summary>
    /// Reads a file to the bytes a dataset would hold of it; otherwise says why it cannot be read, and what is wrong with the picture.
    /// </summary>
    public (GreyImage? Picture, string? Reason, ImageFault? Fault) Read(string path) => Read(PictureSource.File(path));

    private (GreyImage? Picture, string? Reason, ImageFault? Fault) Read(PictureSource picture)
    {
        try { return (picture.Read(reader.Read), null, null); }
        catch (ImageFaultException e) { return (null, e.Message, e.Fault); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return (null, e.Message, null); }
    }

    /// <summary>The inputs of files, several read at once.</summary>
    /// <param name="paths">In the order of the result.</param>
    /// <param name="root">What relative paths are relative to; null for the working directory.</param>
    public InputBatch Files(IReadOnlyList<string> paths, string? root = null) =>
        Pictures([.. paths.Select(path => PictureSource.File(root is null ? path : Path.Combine(root, path), path))]);

    /// <summary>The inputs of files by other names than their paths, such as a table's.</summary>
    /// <param name="paths">The names, in the order of the result.</param>
    /// <param name="resolve">The path of a name; null where it may not be read.</param>
    internal InputBatch Files(IReadOnlyList<string> paths, Func<string, string?> resolve) => Pictures(
        [.. paths.Select(name => resolve(name) is { } path ? PictureSource.File(path, name) : PictureSource.Refused(name, OutsideFolder))]);

    /// <summary>The inputs of pictures, several read at once.</summary>
    /// <param name="sources">In the order of the result.</param>
    public InputBatch Pictures(IReadOnlyList<PictureSource> sources)
    {
        var pictures = new GreyImage?[sources.Count];
        var faults = new (string? Reason, ImageFault? Fault)[sources.Count];
        Parallel.For(0, sources.Count, i => (pictures[i], faults[i].Reason, faults[i].Fault) = Read(sources[i]));
        var good = Enumerable.Range(0, sources.Count).ToLookup(i => pictures[i] is not null);
        return Batch(
            [.. good[true].Select(i => sources[i].Name)], [.. good[true].Select(i => pictures[i]!)],
            [.. good[false].Select(i => (sources[i].Name, faults[i].Reason!, faults[i].Fault))]);
    }

    /// <summary>The inputs of a dataset's rows, by their image ids.</summary>
    /// <param name="dataset">Of this preparation or, if the caller tells so, of another (<see cref="PicturePreparation.DifferenceFrom"/>).</param>
    /// <param name="indices">In the order of the result.</param>
    public InputBatch Rows(PreparedDataset dataset, IReadOnlyList<int> indices)
    {
        PreparedRadiograph[] rows = [.. indices.Select(i => dataset[i])];
        return Batch(
            [.. rows.Select(row => row.ImageId)],
            [.. rows.Select(row => new GreyImage(dataset.Pixels(row.Index).ToArray(), row.Height, row.Width, false, row.View))], []);
    }

    private InputBatch Batch(string[] names, GreyImage[] pictures, (string, string, ImageFault?)[] rejected)
    {
        var batch = new InputBatch(names, pictures, rejected, Input.Length);
        var images = batch.Images;
        Parallel.For(0, pictures.Length, i => Input.Fill(
            pictures[i].Pixels, pictures[i].Height, pictures[i].Width, AffineMap.Identity, Interpolation.Bilinear,
            images.Span.Slice(i * Input.Length, Input.Length)));
        return batch;
    }
}
