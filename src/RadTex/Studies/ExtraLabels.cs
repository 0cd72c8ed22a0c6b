namespace RadTex.Studies;

/// <summary>
/// A further table of labels, keyed by image or by study: the numeric columns of, say, the MIMIC-CXR edema severity files.
/// </summary>
internal sealed class ExtraLabels
{
    private static readonly string[] ImageKeys = ["dicom_id", "image_id", "image", "Image Index"];

    private static readonly HashSet<string> NeverLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        "dicom_id", "image_id", "image", "Image Index", "study_id", "subject_id", "patient_id", "Patient ID", "split", "path", "view", "text",
    };

    private readonly Dictionary<string, (double?[] Values, long Row, string? BadColumn)> values = [];
    private readonly bool byImage;

    private ExtraLabels(bool byImage) => this.byImage = byImage;

    internal IReadOnlyList<string> Names { get; private set; } = [];

    internal string Path { get; private set; } = "";

    /// <summary>Columns that hold text and so are no labels.</summary>
    internal IReadOnlyList<string> Ignored { get; private set; } = [];

    internal int Count => values.Count;

    /// <summary>The labels of a radiograph, all absent where the table does not list it; the column that holds no number, if any.</summary>
    internal (double?[] Values, string? BadColumn) For(string imageId, string studyId) =>
        values.TryGetValue(byImage ? imageId : studyId, out var found) ? (found.Values, found.BadColumn) : (new double?[Names.Count], null);

    /// <summary>Reads <c>FILE</c> or <c>PREFIX=FILE</c>.</summary>
    internal static ExtraLabels Read(string argument, bool skipBadLabels)
    {
        int equals = argument.IndexOf('=');
        var (prefix, path) = equals > 0 && !File.Exists(argument) ? (argument[..equals] + " ", argument[(equals + 1)..]) : ("", argument);
        var textColumns = FindTextColumns(path);
        using var table = Table.Open(path);
        int key = table.Find(ImageKeys);
        bool byImage = key >= 0;
        if (!byImage) key = table.Require("study_id", "A table of extra labels needs a column dicom_id, image_id or study_id.");
        var columns = Enumerable.Range(0, table.Columns.Count).Where(i => !NeverLabels.Contains(table.Columns[i].Trim()) && !textColumns.Contains(i)).ToArray();
        if (columns.Length == 0)
            throw new UserErrorException($"{path} has no numeric column besides its ids. Expected label columns such as edema_severity.");
        var labels = new ExtraLabels(byImage)
        {
            Path = path,
            Names = columns.Select(i => prefix + table.Columns[i].Trim()).ToArray(),
            Ignored = textColumns.Where(i => !NeverLabels.Contains(table.Columns[i].Trim())).Select(i => table.Columns[i]).ToArray(),
        };
        while (table.Read()) labels.Add(table, key, columns, skipBadLabels);
        return labels;
    }

    private void Add(Table table, int key, int[] columns, bool skipBadLabels)
    {
        var id = table[key].Trim();
        if (id.Length == 0) return;
        var row = table.ReadLabels(columns, skipBadLabels, out int column);
        var bad = column < 0 ? null : table.Columns[column];
        if (values.TryAdd(id, (row, table.Row, bad))) return;
        var first = values[id];
        if (!first.Values.AsSpan().SequenceEqual(row))
            throw new UserErrorException(
                $"{Path}: lines {first.Row} and {table.Row} give one {table.Columns[key]} different labels. Expected one row each; mend the file.");
    }

    /// <summary>A column whose first value is no number holds text; a later value that is no number in another column is a fault.</summary>
    private static HashSet<int> FindTextColumns(string path)
    {
        using var table = Table.Open(path);
        var open = Enumerable.Range(0, table.Columns.Count).ToHashSet();
        var text = new HashSet<int>();
        while (open.Count > 0 && table.Read())
        {
            foreach (int column in open.ToArray())
            {
                bool number = LabelValue.TryParse(table[column], out double? value);
                if (number && value is null) continue;
                open.Remove(column);
                if (!number) text.Add(column);
            }
        }
        return text;
    }
}
