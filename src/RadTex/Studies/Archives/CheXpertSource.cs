using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// CheXpert and CheXpert-small: <c>train.csv</c>, <c>valid.csv</c> and, where it was fetched, <c>test.csv</c>, with paths such as
/// <c>CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg</c>. Labels are 1, 0, -1 (uncertain) or blank. It has no reports.
/// </summary>
/// <param name="root">The folder with the tables, or the one above it.</param>
public sealed class CheXpertSource(string root) : StudySource
{
    private const string Described = "CheXpert (stanfordaimi.azurewebsites.net)";

    private static readonly string[] NeverLabels = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA"];

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "chexpert", "CheXpert, also small.", "The folder with train.csv and valid.csv.", (root, _) => new CheXpertSource(root))
    {
        Marks = [new("train.csv", "Path,Sex,Age")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; } = Directory.Exists(root) && !File.Exists(Path.Combine(root, "train.csv"))
        ? Directory.EnumerateDirectories(root, "CheXpert-v*").Order(StringComparer.Ordinal)
            .LastOrDefault(d => File.Exists(Path.Combine(d, "train.csv"))) ?? root
        : root;

    /// <inheritdoc/>
    public override bool TextsAreReports => false;

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var train = ArchiveFiles.Require(Root, "train.csv", Described);
        string? valid = ArchiveFiles.Find(Root, "valid.csv"),
            test = ArchiveFiles.Find(Root, "test.csv") ?? ArchiveFiles.Find(Root, "test_labels.csv");
        // The 200 patients of valid.csv are the field's test set where the hidden one is not at hand; validation then comes out of training.
        (string Path, Split Split)[] parts = [(train, Split.Train)];
        if (valid is not null) parts = [.. parts, (valid, test is null ? Split.Test : Split.Validate)];
        if (test is not null) parts = [.. parts, (test, Split.Test)];
        string[] labels;
        using (var table = Table.Open(train)) labels = [.. table.Columns.Select(c => c.Trim()).Where(c => c.Length > 0 && !NeverLabels.Contains(c))];
        var rejects = new List<Reject>();
        return new SourceTables(
            labels, parts.SelectMany(p => ReadPart(p.Path, p.Split, labels, options.SkipBadLabels, rejects)), new SourceFolder(Root),
            [.. parts.Select(p => p.Path)])
        {
            Rejects = rejects,
            Notes = [valid is null ? "valid.csv is not there" : test is null ? "test: valid.csv (there is no test.csv)" : "test: test.csv"],
            HasOfficialSplit = valid is not null || test is not null,
            NoSplitReason = $"neither valid.csv nor test.csv is in that folder (valid.csv is part of {Described})",
            CarveValidation = valid is null || test is null,
        };
    }

    private IEnumerable<Radiograph> ReadPart(string path, Split split, string[] labels, bool skipBadLabels, List<Reject> rejects)
    {
        using var table = Table.Open(path);
        int pathColumn = table.Require("Path"), side = table.Find("Frontal/Lateral"), projection = table.Find("AP/PA");
        int[] columns = [.. labels.Select(l => table.Require(l, "Expected the labels of train.csv."))];
        var name = Path.GetRelativePath(Root, path);
        while (table.Read())
        {
            var full = table[pathColumn].Trim().Replace('\\', '/');
            var parts = full.Split('/');
            // .../train/patient00001/study1/view1_frontal.jpg; what comes before is the archive's own name, which the folder may not bear.
            if (table.RejectUneven(name, full, rejects)) continue;
            if (parts.Length < 4)
            {
                rejects.Add(new Reject(name, table.Row, full, RejectReason.MalformedRow, "the path is not PART/PATIENT/STUDY/FILE"));
                continue;
            }
            var values = table.ReadLabels(columns, skipBadLabels, out int bad);
            var id = string.Join('/', parts[^4..]);
            if (bad >= 0)
            {
                rejects.Add(new Reject(name, table.Row, id, RejectReason.LabelNotANumber, $"column {table.Columns[bad]}"));
                continue;
            }
            // The labels of the test set come without columns of views; the file's name says the side.
            var view = ViewOf(side < 0 ? parts[^1] : table[side].Trim(), projection < 0 ? "" : table[projection].Trim());
            yield return new Radiograph(
                id, parts[^3], $"{parts[^3]}/{parts[^2]}", view, id, null, null, split, values, name, table.Row);
        }
    }

    /// <summary>AP or PA where it is given; a few frontal images bear LL or RL there, which the first column overrules.</summary>
    private static string ViewOf(string side, string projection) =>
        !side.Contains("frontal", StringComparison.OrdinalIgnoreCase) ? "LATERAL" : projection is "AP" or "PA" ? projection : "FRONTAL";
}
