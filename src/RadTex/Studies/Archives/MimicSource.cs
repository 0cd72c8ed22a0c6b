using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>What MIMIC-CXR and MIMIC-CXR-JPG share: ids, the tree of folders, the reports, and MIMIC-CXR-JPG's tables of splits and labels.</summary>
public abstract class MimicSource : StudySource
{
    private protected const string Jpg = "MIMIC-CXR-JPG (physionet.org/content/mimic-cxr-jpg)", Dicom = "MIMIC-CXR (physionet.org/content/mimic-cxr)";

    /// <summary>Whose patients these are, as DICOM or as JPEG.</summary>
    private protected const string Family = "mimic-cxr";

    private readonly MimicOptions options;

    private protected MimicSource(string root, MimicOptions? options)
    {
        (Root, this.options) = (root, options ?? new MimicOptions());
        MimicOptions.WhoseLabels.Check(this.options.Labels);
    }

    /// <inheritdoc/>
    public override string Root { get; }

    /// <inheritdoc/>
    public override bool TextsAreReports => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options => new Dictionary<string, string> { ["labels"] = options.Labels };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OwnExtraLabels => EdemaSeverityFiles.Find(options.Edema);

    /// <summary>The folder of MIMIC-CXR-JPG's tables.</summary>
    private protected string TablesFolder => options.Tables ?? Root;

    /// <summary>The table that lists every image.</summary>
    private protected abstract string FindRecords();

    /// <summary>The view and the path of each row of that table.</summary>
    private protected abstract Func<MimicRow, (string View, string Path)> ReadRow(Table records);

    /// <summary>The table of views, where the records have none; null where the files state them.</summary>
    private protected virtual string? FindViews() => null;

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var records = FindRecords();
        var split = options.Split == SplitRule.Hash ? null : ArchiveFiles.Find(TablesFolder, "mimic-cxr-*-split.csv");
        var labelTable = this.options.Labels == "none"
            ? null
            : ArchiveFiles.Find(TablesFolder, $"mimic-cxr-*-{this.options.Labels}.csv") ?? throw new UserErrorException(
            $"{TablesFolder} has no mimic-cxr-2.0.0-{this.options.Labels}.csv.gz (or .csv). Fetch it from {Jpg}, or go "
                + "without it with the setting 'labels' = none.");
        var (labelNames, labelsOfStudy) = labelTable is null ? ([], []) : ReadLabels(labelTable, options.SkipBadLabels, cancellation);
        var splits = split is null ? null : ReadSplits(split, cancellation);
        var rejects = new List<Reject>();
        string?[] paths = [records, FindViews(), split, labelTable, this.options.Frontal];
        return new SourceTables(
            labelNames, ReadRecords(records, splits, labelNames.Count, labelsOfStudy, rejects), new SourceFolder(Root), [.. paths.OfType<string>()])
        {
            Rejects = rejects,
            Reports = FindReports(),
            HasTexts = true,
            HasOfficialSplit = splits is not null,
            NoSplitReason = $"mimic-cxr-2.0.0-split.csv.gz (or .csv) is not in {TablesFolder} (it is part of {Jpg})",
        };
    }

    private IEnumerable<Radiograph> ReadRecords(
        string path, Dictionary<string, Split>? splits, int labelCount, Dictionary<string, double?[]?> labelsOfStudy, List<Reject> rejects)
    {
        var frontal = ReadFrontal(options.Frontal);
        using var table = Table.Open(path);
        int image = table.Require("dicom_id"), patient = table.Require("subject_id"), study = table.Require("study_id");
        var readRow = ReadRow(table);
        var name = Path.GetRelativePath(Root, path);
        var unlabelled = new double?[labelCount];
        while (table.Read())
        {
            string imageId = table[image].Trim(), patientId = table[patient].Trim(), studyId = table[study].Trim();
            if (table.RejectUneven(name, imageId, rejects)) continue;
            if (!labelsOfStudy.TryGetValue(studyId, out var labels)) labels = unlabelled;
            if (labels is null)
            {
                rejects.Add(new Reject(name, table.Row, imageId, RejectReason.LabelNotANumber, $"a {options.Labels} label of its study"));
                continue;
            }
            var folder = $"p{patientId[..Math.Min(2, patientId.Length)]}/p{patientId}/s{studyId}";
            var (view, picture) = readRow(new MimicRow(imageId, folder));
            // A list of frontal images decides; a listed one keeps its own view where that is frontal.
            if (frontal is not null) view = !frontal.Contains(imageId) ? "UNLISTED" : Views.IsFrontal(view) ? view : "FRONTAL";
            yield return new Radiograph(
                imageId, patientId, studyId, view, picture, null, $"{folder}.txt",
                splits is not null && splits.TryGetValue(imageId, out var split) ? split : null, labels, name, table.Row);
        }
    }

    private static Dictionary<string, Split> ReadSplits(string path, CancellationToken cancellation)
    {
        using var table = Table.Open(path);
        int image = table.Require("dicom_id"), split = table.Require("split");
        var splits = new Dictionary<string, Split>();
        while (table.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            splits[table[image].Trim()] = SplitNames.TryParse(table[split])
                ?? throw new UserErrorException($"{path}, line {table.Row}: the split is none of train, validate, test. Fetch the file again.");
        }
        return splits;
    }

    /// <summary>The labels of each study; null where one is no number and such rows are to be left out.</summary>
    private static (IReadOnlyList<string> Names, Dictionary<string, double?[]?> OfStudy) ReadLabels(
        string path, bool skipBadLabels, CancellationToken cancellation)
    {
        using var table = Table.Open(path);
        int study = table.Require("study_id"), patient = table.Find("subject_id");
        var columns = Enumerable.Range(0, table.Columns.Count).Where(i => i != study && i != patient).ToArray();
        var ofStudy = new Dictionary<string, double?[]?>();
        while (table.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            ofStudy[table[study].Trim()] = table.ReadLabels(columns, skipBadLabels, out int bad) is var values && bad < 0 ? values : null;
        }
        return (columns.Select(i => table.Columns[i].Trim()).ToArray(), ofStudy);
    }

    /// <summary>
    /// The images a list calls frontal: a column dicom_id, or mimic_id as pSUBJECT_sSTUDY_DICOM (the released lists of Liao et al.), and
    /// where there is a column view, only rows whose view is frontal.
    /// </summary>
    private static HashSet<string>? ReadFrontal(string? path)
    {
        if (path is null) return null;
        using var table = Table.Open(path);
        int image = table.Find("dicom_id", "mimic_id"), view = table.Find("view", "ViewPosition");
        if (image < 0)
            image = table.Require("dicom_id", "Expected a list of frontal images with a column dicom_id, or mimic_id as pSUBJECT_sSTUDY_DICOM.");
        var frontal = new HashSet<string>();
        while (table.Read())
            if (view < 0 || Views.IsFrontal(table[view])) frontal.Add(table[image].Trim().Split('_')[^1]);
        return frontal.Count > 0 ? frontal : throw new UserErrorException(
            $"{path} names no frontal image. Expected rows whose view is frontal, AP or PA.");
    }

    /// <summary>The tree whose folders are p10, p11, ...: files/ of the reports' folder, or that folder itself.</summary>
    private SourceFolder FindReports()
    {
        var folder = options.Reports ?? Root;
        var files = Path.Combine(folder, "files");
        if (Directory.Exists(files)) return new SourceFolder(files);
        return options.Reports is null || Directory.Exists(folder)
            ? new SourceFolder(folder)
            : throw new UserErrorException(
                $"The setting 'reports' = {folder} is no folder. Expected the one that holds files/p10/p10000032/s50414267.txt: "
                    + $"mimic-cxr-reports.zip of {Dicom}, unpacked.");
    }

    /// <summary>A row of the records: the image and the folder of its study.</summary>
    private protected readonly record struct MimicRow(string ImageId, string Folder);
}
