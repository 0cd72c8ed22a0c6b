using System.Text;
using RadTex.Studies.Tables;

namespace RadTex.Studies;

/// <summary>
/// A further table of labels, keyed by image or by study: the columns of grades of, say, the MIMIC-CXR edema severity files. Named as <c>FILE</c>, as
/// <c>WORD=FILE</c> to put a word before the labels' names, and with <c>:COLUMN,COLUMN</c> behind it to take these columns and no others.
/// </summary>
internal sealed class ExtraLabels
{
    /// <summary>Grades go from 0 to this; a larger number is an age, a score or a measurement, and is taken where its column is chosen.</summary>
    private const int LargestGrade = 20;

    private static readonly string[] ImageKeys = ["dicom_id", "image_id", "image", "Image Index"];

    private static readonly HashSet<string> NeverLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        "dicom_id", "image_id", "image", "Image Index", "study_id", "subject_id", "patient_id", "Patient ID", "split", "path", "view", "text",
    };

    /// <summary>Of a phantom it says how it was drawn; it is one number for all.</summary>
    private const string Difficulty = "difficulty";

    private readonly Dictionary<(string Patient, string Id), (double?[] Values, long Row, string? BadColumn)> values = [];
    private readonly Dictionary<string, string> patientOf = [];
    private readonly bool byImage, byPatient;

    private ExtraLabels(bool byImage, bool byPatient) => (this.byImage, this.byPatient) = (byImage, byPatient);

    internal IReadOnlyList<string> Names { get; private init; } = [];

    internal string Path { get; private init; } = "";

    /// <summary>Columns that are no labels, each with the reason; none where columns were chosen.</summary>
    internal IReadOnlyList<string> LeftOut { get; private init; } = [];

    internal int Count => values.Count;

    /// <summary>The labels of a radiograph, all absent where the table does not list it; the column that holds no number, if any.</summary>
    /// <exception cref="UserErrorException">The table names studies by their number alone, and two patients have one of that number.</exception>
    internal (double?[] Values, string? BadColumn) For(Radiograph radiograph)
    {
        var (patient, study) = radiograph.Study;
        var key = byImage ? ("", radiograph.ImageId) : (byPatient ? patient : "", study);
        if (!values.TryGetValue(key, out var found)) return (new double?[Names.Count], null);
        if (!byImage && !byPatient && !patientOf.TryAdd(study, patient) && patientOf[study] != patient)
            throw new UserErrorException(
                $"{Path} names study {study}, and both patient {patientOf[study]} and patient {patient} have a study of that number. "
                + "Expected a column patient_id or subject_id beside study_id.");
        return (found.Values, found.BadColumn);
    }

    /// <summary>Reads a table, named as above.</summary>
    /// <exception cref="UserErrorException">It is no table, has no ids, lacks a chosen column or has none of labels, or a label is no
    /// number.</exception>
    internal static ExtraLabels Read(string argument, bool skipBadLabels, Encoding? encoding = null)
    {
        var (prefix, path, chosen) = Parse(argument);
        var reasons = chosen is null ? FindReasons(path, encoding) : [];
        using var table = Table.Open(path, encoding);
        int key = table.Find(ImageKeys);
        bool byImage = key >= 0;
        if (!byImage) key = table.Require("study_id", "A table of extra labels needs a column dicom_id, image_id or study_id.");
        int patient = byImage ? -1 : table.Find(IdList.Patients);
        int[] columns = chosen is not null
            ? [.. chosen.Select(name => table.Require(name, "Check the names of the columns to take."))]
            : [.. Enumerable.Range(0, table.Columns.Count).Where(i => !NeverLabels.Contains(table.Columns[i].Trim()) && reasons[i] is null)];
        string[] leftOut = chosen is not null ? []
            : [.. Enumerable.Range(0, table.Columns.Count).Where(i => !NeverLabels.Contains(table.Columns[i].Trim()) && reasons[i] is not null)
                .GroupBy(i => reasons[i]!, i => table.Columns[i].Trim()).Select(group => $"{string.Join(", ", group)} ({group.Key})")];
        if (columns.Length == 0)
            throw new UserErrorException(
                $"{path} has no column of labels besides its ids. Expected one of whole numbers from -1 to {LargestGrade}, such as edema_severity, "
                + $"or columns chosen by name. Left out: {(leftOut.Length > 0 ? string.Join("; ", leftOut) : "none")}.");
        var labels = new ExtraLabels(byImage, patient >= 0)
        {
            Path = path,
            Names = [.. columns.Select(i => prefix + table.Columns[i].Trim())],
            LeftOut = leftOut,
        };
        while (table.Read()) labels.Add(table, key, patient, columns, skipBadLabels);
        return labels;
    }

    private static (string Prefix, string Path, string[]? Columns) Parse(string argument)
    {
        if (Split(argument) is { } whole) return (whole.Prefix, whole.Path, null);
        for (int colon = argument.IndexOf(':', StringComparison.Ordinal); colon >= 0; colon = argument.IndexOf(':', colon + 1))
        {
            if (Split(argument[..colon]) is not { } part) continue;
            string[] columns = argument[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return columns.Length > 0 ? (part.Prefix, part.Path, columns)
                : throw new UserErrorException($"{argument} names no column after the colon. Expected such as {argument}edema_severity.");
        }
        int equals = argument.IndexOf('=', StringComparison.Ordinal); // no such file: the message is to name what was meant
        return ("", equals > 0 ? argument[(equals + 1)..] : argument, null);
    }

    private static (string Prefix, string Path)? Split(string argument)
    {
        if (File.Exists(argument)) return ("", argument);
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && File.Exists(argument[(equals + 1)..]) ? (argument[..equals] + " ", argument[(equals + 1)..]) : null;
    }

    private void Add(Table table, int key, int patient, int[] columns, bool skipBadLabels)
    {
        var id = (patient < 0 ? "" : table[patient].Trim(), table[key].Trim());
        if (id.Item2.Length == 0) return;
        var row = table.ReadLabels(columns, skipBadLabels, out int column);
        var bad = column < 0 ? null : table.Columns[column];
        if (values.TryAdd(id, (row, table.Row, bad))) return;
        var first = values[id];
        if (!first.Values.AsSpan().SequenceEqual(row))
            throw new UserErrorException(
                $"{Path}: lines {first.Row} and {table.Row} give one {table.Columns[key]} different labels. Expected one row each; mend the file.");
    }

    /// <summary>
    /// Why each column is no label; null where it is one. A column whose first value is no number holds text; a later value that is no number is a
    /// fault, which reading the labels tells.
    /// </summary>
    private static string?[] FindReasons(string path, Encoding? encoding)
    {
        using var table = Table.Open(path, encoding);
        var reasons = new string?[table.Columns.Count];
        var empty = Enumerable.Repeat(true, reasons.Length).ToArray();
        for (int i = 0; i < reasons.Length; i++)
            if (string.Equals(table.Columns[i].Trim(), Difficulty, StringComparison.OrdinalIgnoreCase)) reasons[i] = "how the picture was drawn";
        while (table.Read())
        {
            for (int i = 0; i < reasons.Length; i++)
            {
                if (reasons[i] is not null) continue;
                bool isNumber = LabelValue.TryParse(table[i], out double? value);
                if (isNumber && value is null) continue;
                if (!isNumber && empty[i]) reasons[i] = "text";
                else if (isNumber && (value < -1 || value > LargestGrade || value != Math.Round(value!.Value)))
                    reasons[i] = $"not whole numbers from -1 to {LargestGrade}";
                empty[i] = false;
            }
        }
        for (int i = 0; i < reasons.Length; i++) reasons[i] ??= empty[i] ? "no value" : null;
        return reasons;
    }
}
