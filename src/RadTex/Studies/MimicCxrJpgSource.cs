namespace RadTex.Studies;

/// <summary>
/// MIMIC-CXR-JPG 2.0.0 or 2.1.0 as PhysioNet lays it out: <c>mimic-cxr-*-metadata</c>, <c>-split</c>, <c>-chexpert</c> and <c>-negbio</c>
/// (.csv.gz or .csv), pictures under <c>files/p10/p10000032/s50414267/DICOM_ID.jpg</c>, and MIMIC-CXR's reports as
/// <c>files/p10/p10000032/s50414267.txt</c> beside them or in a tree of their own.
/// </summary>
public sealed class MimicCxrJpgSource : StudySource
{
    private readonly string? reports;
    private readonly string labels;

    /// <param name="root">The folder with the tables and <c>files/</c>.</param>
    /// <param name="reports">The folder of the reports' tree (it or its <c>files/</c>); null when they lie beside the pictures.</param>
    /// <param name="labels"><c>chexpert</c>, <c>negbio</c> or <c>none</c>.</param>
    public MimicCxrJpgSource(string root, string? reports = null, string labels = "chexpert")
    {
        if (labels is not ("chexpert" or "negbio" or "none"))
            throw new UserErrorException($"--labels {labels}: expected chexpert, negbio or none.");
        (Root, this.reports, this.labels) = (root, reports, labels);
    }

    public override string Name => "mimic-cxr-jpg";

    public override string Root { get; }

    public override bool PicturesAreEqualised => !IsSynthetic;

    public override bool TextsAreReports => true;

    public override IReadOnlyDictionary<string, string> Options => new Dictionary<string, string> { ["labels"] = labels };

    private protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var images = new SourceFolder(Root);
        var metadata = FindTable("metadata") ?? throw new UserErrorException(
            $"{Root} has no mimic-cxr-2.0.0-metadata.csv.gz (or .csv). Expected the root folder of MIMIC-CXR-JPG; check the path.");
        var split = options.Split == SplitRule.Hash ? null : FindTable("split");
        var labelTable = labels == "none" ? null : FindTable(labels) ?? throw new UserErrorException(
            $"{Root} has no mimic-cxr-2.0.0-{labels}.csv.gz (or .csv). Fetch it from MIMIC-CXR-JPG, or go without it with --labels none.");
        var (labelNames, labelsOfStudy) = labelTable is null ? ([], []) : ReadLabels(labelTable, options.SkipBadLabels, cancellation);
        var splits = split is null ? null : ReadSplits(split, cancellation);
        var rejects = new List<Reject>();
        string?[] paths = [metadata, split, labelTable];
        return new SourceTables(labelNames, ReadMetadata(metadata, splits, labelNames.Count, labelsOfStudy, rejects), images, [.. paths.OfType<string>()])
        {
            Rejects = rejects,
            Reports = new SourceFolder(ReportRoot()),
            HasTexts = true,
            HasOfficialSplit = splits is not null,
            NoSplitReason = "mimic-cxr-2.0.0-split.csv.gz (or .csv) is not in that folder",
        };
    }

    private IEnumerable<Radiograph> ReadMetadata(
        string path, Dictionary<string, Split>? splits, int labelCount, Dictionary<string, double?[]?> labelsOfStudy, List<Reject> rejects)
    {
        using var table = Table.Open(path);
        int image = table.Require("dicom_id"), patient = table.Require("subject_id"), study = table.Require("study_id"), view = table.Require("ViewPosition");
        var name = Path.GetRelativePath(Root, path);
        var unlabelled = new double?[labelCount];
        while (table.Read())
        {
            string imageId = table[image].Trim(), patientId = table[patient].Trim(), studyId = table[study].Trim();
            if (table.CellCount != table.Columns.Count)
            {
                rejects.Add(new Reject(name, table.Row, imageId, RejectReason.MalformedRow, $"{table.CellCount} cells, {table.Columns.Count} expected"));
                continue;
            }
            if (!labelsOfStudy.TryGetValue(studyId, out var labels)) labels = unlabelled;
            if (labels is null)
            {
                rejects.Add(new Reject(name, table.Row, imageId, RejectReason.LabelNotANumber, $"a {this.labels} label of its study"));
                continue;
            }
            var folder = $"p{patientId[..Math.Min(2, patientId.Length)]}/p{patientId}/s{studyId}";
            yield return new Radiograph(
                imageId, patientId, studyId, table[view].Trim(), $"files/{folder}/{imageId}.jpg", null, $"{folder}.txt",
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
            double?[]? values = new double?[columns.Length];
            for (int i = 0; i < columns.Length && values is not null; i++)
            {
                if (LabelValue.TryParse(table[columns[i]], out values[i])) continue;
                if (!skipBadLabels) throw LabelValue.Fault(path, table.Row, table.Columns[columns[i]], table[columns[i]]);
                values = null;
            }
            ofStudy[table[study].Trim()] = values;
        }
        return (columns.Select(i => table.Columns[i].Trim()).ToArray(), ofStudy);
    }

    /// <summary>The tree whose folders are p10, p11, ...: files/ of the reports' folder, or that folder itself.</summary>
    private string ReportRoot()
    {
        var folder = reports ?? Root;
        var files = Path.Combine(folder, "files");
        if (Directory.Exists(files)) return files;
        return reports is null || Directory.Exists(folder)
            ? folder
            : throw new UserErrorException($"--reports {folder} is no folder. Expected the one that holds files/p10/p10000032/s50414267.txt.");
    }

    /// <summary>The newest table of a kind; a plain file before a gzipped one of its version.</summary>
    private string? FindTable(string kind) =>
        !Directory.Exists(Root) ? null : Directory.EnumerateFiles(Root, $"mimic-cxr-*-{kind}.csv*")
            .Where(f => f.EndsWith(".csv", StringComparison.Ordinal) || f.EndsWith(".csv.gz", StringComparison.Ordinal))
            .OrderByDescending(f => Path.GetFileName(f).Replace(".csv.gz", ".csv", StringComparison.Ordinal), StringComparer.Ordinal)
            .ThenBy(f => f.Length).FirstOrDefault();
}
