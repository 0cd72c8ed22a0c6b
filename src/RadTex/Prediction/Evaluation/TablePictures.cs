using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Prediction.Onnx;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Prediction.Evaluation;

/// <summary>Picture files that a table names with their labels: CSV, TSV or Parquet, a row a radiograph.</summary>
public sealed class TablePictures : LabelledPictures
{
    private readonly SourceFolder images;
    private readonly List<string> notes = [];

    /// <summary>Reads the table; pictures are read when they are asked for.</summary>
    /// <param name="path">The table.</param>
    /// <param name="columns">Which column is what; its labels must be named. Without a column of patients each picture is a patient of its
    /// own.</param>
    /// <param name="imageFolder">The folder image paths are relative to; null for the table's own, or its <c>images/</c>.</param>
    /// <param name="archive">Whose patients these are, such as <c>mimic-cxr</c>; null where it is not known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="UserErrorException">The table is damaged, lacks a column, or names no usable picture.</exception>
    public TablePictures(
        string path, TableColumns columns, string? imageFolder = null, string? archive = null, CancellationToken cancellation = default)
    {
        Name = path;
        HasPatients = columns.Patient is not null || TableSource.HasPatients(path);
        if (!HasPatients)
        {
            columns = columns with { Patient = TableSource.ImageColumn(path, columns.Image) };
            notes.Add("the table has no column of patients: each picture counts as a patient of its own, which makes intervals too narrow where "
                + "patients have several");
        }
        var source = new TableSource(path, columns, imageFolder, archive);
        // A view that is not stated is no reason to leave a picture out here: the picture itself is judged.
        var listing = source.List(new(ViewFilter.All, SplitRule.Hash), cancellation);
        var lateral = listing.Radiographs.Where(r => r.View.Length > 0).Select(r => (r.ImageId, Refused: Views.Refuse(r.View))).Where(r =>
            r.Refused is not null).ToDictionary(r => r.ImageId, r => r.Refused!.Value.Code, StringComparer.Ordinal);
        images = listing.Images;
        LabelNames = listing.LabelNames;
        Synthetic = source.IsSynthetic;
        Hash = FileHash.Sha256(path);
        Domain = new(Synthetic, archive, [Hash]);
        Radiographs = [.. listing.Radiographs.Where(r => !lateral.ContainsKey(r.ImageId)).Select((r, i) =>
            new PreparedRadiograph(i, r.ImageId, r.PatientId, r.StudyId, r.View, Split.Test, null, r.Labels, r.ImagePath, 0, 0, 0))];
        LeftOut = [.. listing.Rejects.Select(r => (r.ImageId, r.Detail.Length > 0 ? $"{r.Reason}: {r.Detail}" : r.Reason)),
            .. lateral.Select(r => (r.Key, r.Value))];
    }

    /// <summary>Opens a table with the columns of labels that a model tells, where none are named.</summary>
    /// <inheritdoc cref="TablePictures(string, TableColumns, string?, string?, CancellationToken)"/>
    public static TablePictures Open(
        string path, TableColumns columns, ModelNotes notes, string? imageFolder = null, string? archive = null,
        CancellationToken cancellation = default)
    {
        if (columns.Labels is not null) return new(path, columns, imageFolder, archive, cancellation);
        using var table = Table.Open(path);
        string[] told = [.. notes.Outputs.Select(o => TransferTask.Parse(o.Label)).SelectMany(t => new[] { t.Label, t.Against }).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        return new(path, columns with { Labels = [.. told.Where(name => table.Find(name) >= 0)] }, imageFolder, archive, cancellation);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Hash { get; }

    /// <inheritdoc/>
    public override bool Synthetic { get; }

    /// <inheritdoc/>
    public override PatientDomain Domain { get; }

    /// <inheritdoc/>
    public override bool HasPatients { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<PreparedRadiograph> Radiographs { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> LabelNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Picture, string Reason)> LeftOut { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => notes;

    internal override string? Check(IRadiographModel model) => null;

    internal override InputBatch Read(InputPipeline pipeline, IReadOnlyList<int> rows) =>
        pipeline.Files([.. rows.Select(r => Radiographs[r].ImageId)], name => images.Resolve(name));

    /// <inheritdoc/>
    public override void Dispose() { }
}
