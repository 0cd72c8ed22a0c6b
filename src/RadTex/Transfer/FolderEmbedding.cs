using RadTex.Data;
using RadTex.Imaging;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Transfer;

/// <summary>Features of the pictures in a plain folder: JPEG, PNG, TIFF or DICOM, in it and below, in the order of their names.</summary>
public static class FolderEmbedding
{
    /// <summary>Embeds a folder. The image id is the path inside it; patient and study are not known and stay empty.</summary>
    /// <param name="extractor">The encoder.</param>
    /// <param name="folder">The pictures. Links that stay in it are followed.</param>
    /// <param name="output">Where features are written.</param>
    /// <param name="progress">Counts pictures.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>How many were embedded, and why others were not, by path.</returns>
    /// <exception cref="UserErrorException">No picture in the folder, or none readable.</exception>
    public static (int Embedded, IReadOnlyList<(string Path, string Reason)> Rejected) Run(
        FeatureExtractor extractor, string folder, string output, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var found = PictureFolder.Require(folder);
        var paths = found.Pictures;
        if (File.Exists(Path.Combine(output, FeatureFolder.CardName))) throw new UserErrorException($"{output} holds features already. Choose another --out.");

        var input = extractor.Input;
        var reader = new GreyImageReader(input.ImageSize, extractor.Intensity);
        var values = new List<float>();
        var rows = new List<PreparedRadiograph>();
        List<(string, string)> rejected = [.. found.LeftOut];
        for (int start = 0; start < paths.Count; start += extractor.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = paths.Skip(start).Take(extractor.BatchSize).AsParallel().AsOrdered().Select(p => Read(reader, folder, p)).ToArray();
            rejected.AddRange(batch.Where(b => b.Image is null).Select(b => (b.Path, b.Fault!)));
            var good = batch.Where(b => b.Image is not null).ToArray();
            if (good.Length > 0) values.AddRange(Embed(extractor, input, [.. good.Select(b => b.Image!)]));
            foreach (var (path, image, _) in good)
                rows.Add(new(rows.Count, path, "", "", "", Split.Test, null, [], path, 0, image!.Height, image.Width));
            progress?.Report(new("features", Math.Min(start + extractor.BatchSize, paths.Count), paths.Count, "pictures"));
        }
        if (rows.Count == 0) throw new UserErrorException($"None of the {paths.Count:N0} pictures in {folder} can be read; the first: {rejected[found.LeftOut.Count].Item2}");
        using var work = FeatureFolder.Open(output, extractor.Describe(folder, [.. rows.Select(r => r.ImageId)]));
        work.Restart();
        work.Append([.. values]);
        work.Complete(rows, []);
        return (rows.Count, rejected);
    }

    private static (string Path, GreyImage? Image, string? Fault) Read(GreyImageReader reader, string folder, string path)
    {
        try { return (path, reader.Read(Path.Combine(folder, path)), null); }
        catch (Exception e) when (e is ImageFaultException or IOException or UnauthorizedAccessException) { return (path, null, e.Message); }
    }

    private static float[] Embed(FeatureExtractor extractor, RadiographInput input, GreyImage[] images)
    {
        var pixels = new float[images.Length * input.Length];
        for (int i = 0; i < images.Length; i++)
            input.Fill(images[i].Pixels, images[i].Height, images[i].Width, AffineMap.Identity, Interpolation.Bilinear, pixels.AsSpan(i * input.Length, input.Length));
        using var batch = tensor(pixels, [images.Length, input.Channels, input.ImageSize, input.ImageSize]);
        var features = new float[images.Length * extractor.Width];
        extractor.Pool(batch, features);
        return features;
    }
}
