using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Prediction.Evaluation;

/// <summary>A split of a prepared dataset.</summary>
public sealed class DatasetPictures : LabelledPictures
{
    private readonly PreparedDataset dataset;

    /// <summary>Opens a split of a dataset; it is closed with this.</summary>
    /// <param name="folder">The dataset.</param>
    /// <param name="split">Null for all splits.</param>
    /// <exception cref="UserErrorException">No such dataset, or an empty split.</exception>
    public DatasetPictures(string folder, Split? split)
    {
        dataset = PreparedDataset.Open(folder);
        Radiographs = [.. dataset.Radiographs.Where(r => split is null || r.Split == split)];
        Notes = [split is { } one ? $"split {one.Name()}: {Radiographs.Count:N0} of {dataset.Count:N0} radiographs"
            : $"all splits: {dataset.Count:N0} radiographs"];
        if (Radiographs.Count > 0) return;
        dataset.Dispose();
        throw new UserErrorException($"{folder} has no radiographs of split {split!.Value.Name()}. Choose another split.");
    }

    /// <inheritdoc/>
    public override string Name => dataset.Folder;

    /// <inheritdoc/>
    public override string Hash => dataset.Hash;

    /// <inheritdoc/>
    public override bool Synthetic => dataset.Manifest.Synthetic;

    /// <inheritdoc/>
    public override PatientDomain Domain => PatientDomain.Of(dataset.Manifest);

    /// <inheritdoc/>
    public override IReadOnlyList<PreparedRadiograph> Radiographs { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames => dataset.LabelNames;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes { get; }

    internal override string? Check(IRadiographModel model)
    {
        dataset.RequireIntensity(model.Notes.Encoder.Intensity, "the model");
        if (dataset.ShortSide < model.Input.ImageSize)
            throw new UserErrorException(
                $"{dataset.Folder} was prepared with a short side of {dataset.ShortSide} pixels, the model's input is {model.Input.ImageSize} x "
                + $"{model.Input.ImageSize}. Prepare the dataset with a short side of {model.Notes.Preparation.ShortSide}.");
        return model.Notes.Preparation.DifferenceFrom(dataset) is { } other ? $"{other}: the figures are not those the model reaches on files" : null;
    }

    internal override InputBatch Read(InputPipeline pipeline, IReadOnlyList<int> rows) =>
        pipeline.Rows(dataset, [.. rows.Select(r => Radiographs[r].Index)]);

    /// <inheritdoc/>
    public override void Dispose() => dataset.Dispose();
}
