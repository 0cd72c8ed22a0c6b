using RadTex.Data;
using RadTex.Onnx;
using RadTex.Studies;

namespace RadTex.Prediction;

/// <summary>What a model says of pictures.</summary>
/// <param name="Notes">The model's.</param>
/// <param name="Runtime">What ran it.</param>
/// <param name="Paths">The pictures that were read, as they were named or found.</param>
/// <param name="Probabilities">K for each picture, in the order of the model's outputs.</param>
/// <param name="Rejected">Pictures that could not be read, and why.</param>
/// <param name="ElapsedSeconds">Reading and computing, without opening the model.</param>
/// <param name="ModelSha256">SHA-256 of the model's own file; null where it is no single file.</param>
public sealed record Predictions(
    ModelNotes Notes, string Runtime, IReadOnlyList<string> Paths, IReadOnlyList<float[]> Probabilities, IReadOnlyList<(string Path, string Reason)> Rejected, double ElapsedSeconds,
    string? ModelSha256 = null)
{
    /// <summary>Predicts files, and the pictures in folders and below. One batch is read while the one before is computed.</summary>
    /// <param name="model">Stays the caller's to dispose.</param>
    /// <param name="inputs">Files and folders, in the order of the result.</param>
    /// <param name="batchSize">Pictures a forward pass.</param>
    /// <param name="progress">Counts pictures.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">A name that is nothing, or no picture in a folder, or none readable.</exception>
    public static Predictions Run(IRadiographModel model, IReadOnlyList<string> inputs, int batchSize = 16, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var rejected = new List<(string, string)>();
        string[] paths = [.. inputs.SelectMany(input => Expand(input, rejected))];
        int leftOut = rejected.Count;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var pipeline = model.Pipeline();
        var read = new List<string>();
        var probabilities = new List<float[]>();
        int outputs = model.Notes.Outputs.Count;
        using var prefetcher = new Prefetcher<InputBatch>(
            b => pipeline.Files([.. paths.Skip((int)b * batchSize).Take(batchSize)]), 0, (paths.Length + batchSize - 1) / batchSize);
        while (prefetcher.TryNext(out var batch, cancellation))
        {
            using (batch)
            {
                rejected.AddRange(batch.Rejected);
                if (batch.Count > 0) probabilities.AddRange(model.Probabilities(batch.Images, batch.Count).Chunk(outputs));
                read.AddRange(batch.Names);
            }
            progress?.Report(new("predicting", read.Count + rejected.Count - leftOut, paths.Length, "pictures"));
        }
        if (read.Count == 0) throw new UserErrorException($"None of the {paths.Length:N0} pictures can be read; the first: {rejected[leftOut].Item1}: {rejected[leftOut].Item2}");
        return new(model.Notes, model.Runtime, read, probabilities, rejected, watch.Elapsed.TotalSeconds, model.FileSha256);
    }

    private static IEnumerable<string> Expand(string input, List<(string, string)> rejected)
    {
        if (File.Exists(input)) return [input];
        if (!Directory.Exists(input)) throw new UserErrorException($"{input} is neither a file nor a folder.");
        var found = PictureFolder.Require(input);
        rejected.AddRange(found.LeftOut.Select(l => (Path.Combine(input, l.Path), l.Reason)));
        return found.Pictures.Select(p => Path.Combine(input, p));
    }
}
