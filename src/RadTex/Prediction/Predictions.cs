using RadTex.Data;
using RadTex.Gating;
using RadTex.Prediction.Onnx;

namespace RadTex.Prediction;

/// <summary>What a model says of pictures.</summary>
/// <param name="Notes">The model's.</param>
/// <param name="Runtime">What ran it.</param>
/// <param name="Pictures">The pictures that were judged or refused by the gate, by their paths as they were named or found.</param>
/// <param name="Rejected">Pictures that could not be read, and why.</param>
/// <param name="ElapsedSeconds">Reading and computing, without opening the model.</param>
/// <param name="ModelSha256">SHA-256 of the model's own file; null where it is no single file.</param>
public sealed record Predictions(
    ModelNotes Notes, string Runtime, IReadOnlyList<JudgedPicture> Pictures, IReadOnlyList<(string Path, string Reason)> Rejected,
    double ElapsedSeconds, string? ModelSha256 = null)
{
    /// <summary>The pictures that were judged.</summary>
    public IReadOnlyList<string> Paths { get; } = [.. Pictures.Where(p => p.Probabilities is not null).Select(p => p.Name)];

    /// <summary>K for each picture that was judged, in the order of the model's outputs.</summary>
    public IReadOnlyList<float[]> Probabilities { get; } = [.. Pictures.Select(p => p.Probabilities).OfType<float[]>()];

    /// <summary>How many pictures each rule of the gate spoke against.</summary>
    public IReadOnlyDictionary<GateRule, int> Refusals { get; } =
        GateRules.All.ToDictionary(rule => rule, rule => Pictures.Count(p => p.Refusal?.Rule == rule)).Where(r => r.Value > 0).ToDictionary();

    /// <summary>Predicts files, and the pictures in folders and below.</summary>
    /// <param name="model">Stays the caller's to dispose.</param>
    /// <param name="inputs">Files and folders, in the order of the result.</param>
    /// <param name="batchSize">Pictures a forward pass.</param>
    /// <param name="judgeAll">Judge what the gate refuses too; the refusal stays with it.</param>
    /// <param name="progress">Counts pictures.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">A name that is nothing, or no picture in a folder, or none readable.</exception>
    public static Predictions Run(
        IRadiographModel model, IReadOnlyList<string> inputs, int batchSize = 16, bool judgeAll = false, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default) =>
        Run(model, PictureFeed.Of(inputs), batchSize, judgeAll, progress, cancellation);

    /// <summary>Predicts pictures, of files, bytes or streams.</summary>
    /// <inheritdoc cref="Run(IRadiographModel, IReadOnlyList{string}, int, bool, IProgress{ProgressReport}?, CancellationToken)"/>
    public static Predictions Run(
        IRadiographModel model, PictureFeed inputs, int batchSize = 16, bool judgeAll = false, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        List<(string Path, string Reason)> rejected = [.. inputs.LeftOut];
        int leftOut = rejected.Count, count = inputs.Pictures.Count;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (pipeline, gate) = (model.Pipeline(judgeAll), model.Gate());
        var pictures = new List<JudgedPicture>();
        foreach (var batch in inputs.Read(pipeline, batchSize, cancellation))
        {
            using (batch)
            {
                pictures.AddRange(JudgedPicture.Of(model, gate, batch, judgeAll));
                foreach (var (path, reason, fault) in batch.Rejected)
                    if (RadiographGate.Of(fault, reason) is { } refusal) pictures.Add(new(path, null, refusal));
                    else rejected.Add((path, reason));
            }
            progress?.Report(new("predicting", pictures.Count + rejected.Count - leftOut, count, "pictures"));
        }
        if (pictures.Count == 0)
            throw new UserErrorException(
                $"None of the {count:N0} pictures can be read; the first: {rejected[leftOut].Path}: {rejected[leftOut].Reason}");
        return new(model.Notes, model.Runtime, pictures, rejected, watch.Elapsed.TotalSeconds, model.FileSha256);
    }
}
