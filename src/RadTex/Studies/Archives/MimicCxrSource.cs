using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// MIMIC-CXR 2.0 as PhysioNet lays it out: <c>cxr-record-list.csv.gz</c>, DICOM files under <c>files/p10/p10000032/s50414267/DICOM_ID.dcm</c>,
/// reports as
/// <c>files/p10/p10000032/s50414267.txt</c>. Splits, labels and views are MIMIC-CXR-JPG's tables; without its metadata the files themselves state
/// their views.
/// </summary>
/// <param name="root">The folder with the record list and <c>files/</c>.</param>
/// <param name="options">Labels, and where the rest lies.</param>
public sealed class MimicCxrSource(string root, MimicOptions? options = null) : MimicSource(root, options)
{
    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        Family, "MIMIC-CXR 2.0: DICOM and reports.", "The folder with cxr-record-list.csv.gz and files/.",
        (root, values) => new MimicCxrSource(root, MimicOptions.Of(values)))
    {
        Options = MimicOptions.All,
        Family = Family,
        Marks = [new("cxr-record-list.csv.gz")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    private protected override string FindRecords() => ArchiveFiles.Require(Root, "cxr-record-list.csv", Dicom);

    private protected override Func<MimicRow, (string View, string Path)> ReadRow(Table records)
    {
        int path = records.Require("path");
        var views = FindViews() is { } table ? ReadViews(table) : [];
        return row => (views.GetValueOrDefault(row.ImageId, ""), records[path].Trim());
    }

    private protected override string? FindViews() => ArchiveFiles.Find(TablesFolder, "mimic-cxr-*-metadata.csv");

    private static Dictionary<string, string> ReadViews(string path)
    {
        using var table = Table.Open(path);
        int image = table.Require("dicom_id"), view = table.Require("ViewPosition");
        var views = new Dictionary<string, string>();
        while (table.Read()) views[table[image].Trim()] = table[view].Trim();
        return views;
    }
}
