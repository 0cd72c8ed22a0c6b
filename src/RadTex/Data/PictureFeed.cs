using RadTex.Studies.Archives;

namespace RadTex.Data;

/// <summary>
/// Pictures on their way into a model, a batch at a time and in order: one batch is read while the one before is used, so that memory holds a few
/// batches however many pictures there are. Prediction, reading and embedding all read pictures through it.
/// </summary>
public sealed class PictureFeed
{
    /// <summary>Pictures from anywhere, such as a queue; nothing is opened yet.</summary>
    /// <param name="pictures">In the order of the result.</param>
    /// <param name="leftOut">Names that were found beside them and are none, and why.</param>
    public PictureFeed(IReadOnlyList<PictureSource> pictures, IReadOnlyList<(string Path, string Reason)>? leftOut = null) =>
        (Pictures, LeftOut) = (pictures, leftOut ?? []);

    /// <summary>What is to be read.</summary>
    public IReadOnlyList<PictureSource> Pictures { get; }

    /// <summary>Names that were found in folders and cannot be pictures, and why.</summary>
    public IReadOnlyList<(string Path, string Reason)> LeftOut { get; }

    /// <summary>Files, and the pictures in folders and below.</summary>
    /// <param name="inputs">Files and folders, in the order of the result.</param>
    /// <exception cref="UserErrorException">A name that is nothing, or no picture in a folder.</exception>
    public static PictureFeed Of(IReadOnlyList<string> inputs)
    {
        var pictures = new List<PictureSource>();
        var leftOut = new List<(string, string)>();
        foreach (var input in inputs)
        {
            if (File.Exists(input))
            {
                pictures.Add(PictureSource.File(input));
                continue;
            }
            if (!Directory.Exists(input)) throw new UserErrorException($"{input} is neither a file nor a folder.");
            var found = OfFolder(input, relativeNames: false);
            pictures.AddRange(found.Pictures);
            leftOut.AddRange(found.LeftOut);
        }
        return new(pictures, leftOut);
    }

    /// <summary>The pictures in a folder and below.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="relativeNames">Whether names are relative to the folder.</param>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static PictureFeed OfFolder(string folder, bool relativeNames = true)
    {
        var found = PictureFolder.Require(folder);
        string Named(string path) => relativeNames ? path : Path.Combine(folder, path);
        return new(
            [.. found.Pictures.Select(p => PictureSource.File(Path.Combine(folder, p), Named(p)))],
            [.. found.LeftOut.Select(l => (Named(l.Path), l.Reason))]);
    }

    /// <summary>Reads them: batches of inputs with what could not be read. The caller disposes of each batch.</summary>
    /// <param name="pipeline">From a picture to a model's input.</param>
    /// <param name="batchSize">Pictures a batch, readable or not.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public IEnumerable<InputBatch> Read(InputPipeline pipeline, int batchSize, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int batches = (Pictures.Count + batchSize - 1) / batchSize;
        using var prefetcher = new Prefetcher<InputBatch>(
            b => pipeline.Pictures([.. Pictures.Skip((int)b * batchSize).Take(batchSize)]), 0, batches);
        while (prefetcher.TryNext(out var batch, cancellation)) yield return batch;
    }
}
