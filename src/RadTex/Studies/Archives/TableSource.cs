using System.Text;
using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// A table of one's own, CSV or Parquet, a row a radiograph: image path and patient; optionally study, view, text, split and labels.
/// </summary>
public sealed class TableSource : StudySource
{
    private const int MostCategories = 100, ProbedRows = 200, MostNamed = 30;

    private static readonly Dictionary<string, string[]> UsualNames = new()
    {
        ["image"] = ["image", "image_path", "path", "filename", "file_name", "file", "image_id"],
        ["patient"] = ["patient_id", "patient", "subject_id", "patientid", "Patient ID"],
        ["study"] = ["study_id", "study", "studyid"],
        ["view"] = ["view", "view_position", "ViewPosition", "View Position", "projection"],
        ["text"] = ["text", "findings", "report", "caption", "clinical_notes"],
        ["split"] = ["split"],
    };

    /// <summary>Whose patients those of a table or a folder of one's own are.</summary>
    internal static ArchiveOption WhosePatients { get; } = new(
        "archive",
        "Whose patients these are, such as mimic-cxr: checks for leaks compare ids within an archive. Default: not known, compared with all.",
        "NAME");

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "table", "A table of one's own.", "A table, CSV (or .csv.gz) or Parquet, a row a radiograph.",
        (path, values) => new TableSource(
            path,
            new TableColumns(
                values["image-column"], values["patient-column"], values["study-column"], values["view-column"], values["text-column"],
                values["split-column"], Names(values["label-columns"]), Names(values["categories"])),
            values["images"],
            values[WhosePatients.Name]))
    {
        RootName = "FILE",
        IsTable = true,
        Family = null,
        Options =
        [
            new("images", "The folder image paths are relative to. Default: the table's, or images/ in it.", "DIR"),
            new("label-columns", "Columns of numbers: 1, 0, -1 (uncertain), empty, or grades.", "A,B,..."),
            new("categories", "Columns of words joined by '|'; each word becomes a label.", "A,B,..."),
            WhosePatients,
            .. UsualNames.Keys.Select(
                role => new ArchiveOption($"{role}-column", $"The column of the {role}, where its name is not a usual one.", "NAME")),
        ],
    };

    private readonly string path;
    private readonly string? imageFolder, archive;
    private readonly TableColumns columns;

    /// <summary>A table of one's own; nothing is read yet.</summary>
    /// <param name="path">The table.</param>
    /// <param name="columns">Which column is what.</param>
    /// <param name="images">The folder image paths are relative to; null for the table's own, or its <c>images/</c> if that is where they
    /// are.</param>
    /// <param name="archive">Whose patients these are, such as <c>mimic-cxr</c>; null where it is not known.</param>
    public TableSource(string path, TableColumns columns, string? images = null, string? archive = null)
    {
        (this.path, this.columns, imageFolder, this.archive) = (path, columns, images, archive);
        Root = Path.GetDirectoryName(Path.GetFullPath(path))!;
    }

    /// <summary>The usual names of the column of images.</summary>
    internal static string[] ImageNames => UsualNames["image"];

    /// <summary>Whether a table has a column of patients under a usual name.</summary>
    internal static bool HasPatients(string path)
    {
        using var table = Table.Open(path);
        return table.Find(UsualNames["patient"]) >= 0;
    }

    /// <summary>The name of a table's column of images.</summary>
    /// <exception cref="UserErrorException">It has none.</exception>
    internal static string ImageColumn(string path, string? name)
    {
        using var table = Table.Open(path);
        return table.Columns[ColumnOf(table, "image", name, true)];
    }

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; }

    /// <inheritdoc/>
    public override bool TextsAreReports => false;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options => new Dictionary<string, string?>
    {
        ["table"] = Path.GetFileName(path),
        ["image_column"] = columns.Image,
        ["patient_column"] = columns.Patient,
        ["study_column"] = columns.Study,
        ["view_column"] = columns.View,
        ["text_column"] = columns.Text,
        ["split_column"] = columns.Split,
        ["label_columns"] = columns.Labels is null ? null : string.Join(',', columns.Labels),
        ["archive"] = archive,
        ["categories"] = columns.Categories is null ? null : string.Join(',', columns.Categories),
    }.Where(o => o.Value is not null).ToDictionary(o => o.Key, o => o.Value!);

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        using var table = Table.Open(path, options.Encoding);
        var at = new Places(
            ColumnOf(table, "image", columns.Image, true), ColumnOf(table, "patient", columns.Patient, true),
            ColumnOf(table, "study", columns.Study, false),
            ColumnOf(table, "view", columns.View, false), ColumnOf(table, "text", columns.Text, false),
            options.Split == SplitRule.Hash ? -1 : ColumnOf(table, "split", columns.Split, false),
            (columns.Labels ?? []).Select(name => table.Require(name, "Check the setting 'label-columns'.")).ToArray(),
            (columns.Categories ?? []).Select(name => table.Require(name, "Check the setting 'categories'.")).ToArray());
        var categories = FindCategories(at, options.Encoding, cancellation);
        string[] labelNames =
            [.. at.Labels.Select(i => table.Columns[i].Trim()), .. categories.Select(c => $"{table.Columns[c.Column].Trim()}={c.Word}")];
        var folder = imageFolder ?? FindImageFolder(at.Image, options.Encoding);
        var rejects = new List<Reject>();
        var notes = new List<string>();
        foreach (
            var (name, column) in new[] { ("image", at.Image), ("patient", at.Patient), ("study", at.Study), ("view", at.View), ("text", at.Text),
                ("split", at.Split) })
            if (column >= 0) notes.Add($"{name}: column {table.Columns[column]}");
        int[] used = [at.Image, at.Patient, at.Study, at.View, at.Text, at.Split, .. at.Labels, .. at.Categories];
        string[] unused = [.. Enumerable.Range(0, table.Columns.Count).Except(used).Select(i => table.Columns[i].Trim())];
        if (unused.Length > 0)
            notes.Add(
                $"not used: column{(unused.Length == 1 ? "" : "s")} "
                    + $"{string.Join(", ", unused.Take(MostNamed))}{(unused.Length > MostNamed ? $" and {unused.Length - MostNamed:N0} more" : "")}");
        if (folder != Root) notes.Add($"images: {folder}");
        return new SourceTables(labelNames, ReadRows(at, categories, options, rejects), new SourceFolder(folder), [path])
        {
            Rejects = rejects,
            Notes = notes,
            HasTexts = at.Text >= 0,
            HasOfficialSplit = at.Split >= 0,
            NoSplitReason = "the table has no column 'split' (name it with the setting 'split-column')",
        };
    }

    private IEnumerable<Radiograph> ReadRows(Places at, List<(int Column, string Word)> categories, StudyOptions options, List<Reject> rejects)
    {
        using var table = Table.Open(path, options.Encoding);
        var name = Path.GetFileName(path);
        while (table.Read())
        {
            var imageId = table[at.Image].Trim();
            if (table.RejectUneven(name, imageId, rejects)) continue;
            double?[] labels = [.. table.ReadLabels(at.Labels, options.SkipBadLabels, out int bad), .. new double?[categories.Count]];
            if (bad >= 0)
            {
                rejects.Add(new Reject(name, table.Row, imageId, RejectReason.LabelNotANumber, $"column {table.Columns[bad]}"));
                continue;
            }
            for (int i = 0; i < categories.Count; i++)
            {
                var words = Words(table[categories[i].Column]);
                if (words.Length > 0) labels[at.Labels.Length + i] = words.Contains(categories[i].Word) ? 1 : 0;
            }
            Split? split = at.Split < 0 || table[at.Split].Trim().Length == 0
                ? null
                : SplitNames.TryParse(table[at.Split]) ?? throw new UserErrorException(
                $"{path}, line {table.Row}, column '{table.Columns[at.Split]}': expected train, validate or test. Mend the "
                    + "table, or use the setting 'split' = hash.");
            yield return new Radiograph(
                imageId, table[at.Patient].Trim(), Cell(table, at.Study) is { Length: > 0 } study ? study : imageId, Cell(table, at.View), imageId,
                at.Text < 0 ? null : table[at.Text], null, split, labels, name, table.Row);
        }
    }

    /// <summary>Every word of the category columns, in alphabetical order: the second pass needs to know them all.</summary>
    private List<(int Column, string Word)> FindCategories(Places at, Encoding? encoding, CancellationToken cancellation)
    {
        var found = at.Categories.Select(_ => new SortedSet<string>(StringComparer.Ordinal)).ToArray();
        if (found.Length == 0) return [];
        using var table = Table.Open(path, encoding);
        while (table.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < found.Length; i++)
            {
                found[i].UnionWith(Words(table[at.Categories[i]]));
                if (found[i].Count > MostCategories)
                    throw new UserErrorException(
                        $"{path}: column '{table.Columns[at.Categories[i]]}' has more than {MostCategories} words. Expected a few "
                            + "categories; check the setting 'categories'.");
            }
        }
        return [.. at.Categories.SelectMany((column, i) => found[i].Select(word => (column, word)))];
    }

    /// <summary>The table's folder or one of its usual subfolders, whichever has most of the first images.</summary>
    private string FindImageFolder(int column, Encoding? encoding)
    {
        string[] candidates = [Root, .. new[] { "images", "image", "img" }.Select(n => Path.Combine(Root, n)).Where(Directory.Exists)];
        if (candidates.Length == 1) return Root;
        using var table = Table.Open(path, encoding);
        var names = new List<string>();
        while (names.Count < ProbedRows && table.Read()) names.Add(table[column].Trim());
        return candidates.MaxBy(folder =>
        {
            var source = new SourceFolder(folder);
            return names.Count(name => source.Resolve(name) is { } file && File.Exists(file));
        })!;
    }

    private static int ColumnOf(Table table, string role, string? name, bool required)
    {
        if (name is not null) return table.Require(name, $"Check the setting '{role}-column'.");
        int column = table.Find(UsualNames[role]);
        return column >= 0 || !required ? column : table.Require(UsualNames[role][0], $"Name the column with the setting '{role}-column'.");
    }

    private static string Cell(Table table, int column) => column < 0 ? "" : table[column].Trim();

    private static string[] Words(string cell) => cell.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed record Places(int Image, int Patient, int Study, int View, int Text, int Split, int[] Labels, int[] Categories);

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
