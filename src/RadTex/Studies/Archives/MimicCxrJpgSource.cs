using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// MIMIC-CXR-JPG 2.0.0 or 2.1.0 as PhysioNet lays it out: <c>mimic-cxr-*-metadata</c>, <c>-split</c>, <c>-chexpert</c> and <c>-negbio</c>
/// (.csv.gz or .csv), pictures under <c>files/p10/p10000032/s50414267/DICOM_ID.jpg</c>, and MIMIC-CXR's reports as
/// <c>files/p10/p10000032/s50414267.txt</c> beside them or in a tree of their own.
/// </summary>
/// <param name="root">The folder with the tables and <c>files/</c>.</param>
/// <param name="options">Labels, and where the rest lies.</param>
public sealed class MimicCxrJpgSource(string root, MimicOptions? options = null) : MimicSource(root, options)
{
    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "mimic-cxr-jpg", "MIMIC-CXR-JPG, or phantoms, which have its layout.", "The folder with mimic-cxr-2.0.0-metadata.csv.gz and files/.",
        (root, values) => new MimicCxrJpgSource(root, MimicOptions.Of(values)))
    {
        Options = MimicOptions.All,
        Family = Family,
        Marks = [new("mimic-cxr-2.0.0-metadata.csv.gz")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override bool PicturesAreEqualised => !IsSynthetic;

    private protected override string FindRecords() => ArchiveFiles.Require(TablesFolder, "mimic-cxr-*-metadata.csv", Jpg);

    private protected override Func<MimicRow, (string View, string Path)> ReadRow(Table records)
    {
        int view = records.Require("ViewPosition");
        return row => (records[view].Trim(), $"files/{row.Folder}/{row.ImageId}.jpg");
    }
}
