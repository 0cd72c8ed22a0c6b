using System.Text;
using RadTex.Studies.Tables;

namespace RadTex.Studies;

/// <summary>Ids a table lists, one a row.</summary>
internal static class IdList
{
    internal static readonly string[] Images = ["image_id", "dicom_id", "image", "Image Index"],
        Patients = ["patient_id", "subject_id", "patient", "Patient ID"];

    /// <summary>The ids of the first of several columns; none for no table.</summary>
    /// <exception cref="UserErrorException">The table has none of the columns, or no id.</exception>
    internal static HashSet<string> Read(string? path, string[] columns, Encoding? encoding)
    {
        if (path is null) return [];
        using var table = Table.Open(path, encoding);
        int column = table.Find(columns);
        if (column < 0) column = table.Require(columns[0], $"Expected a column {string.Join(", ", columns)}.");
        var ids = new HashSet<string>();
        while (table.Read())
            if (table[column].Trim() is { Length: > 0 } id) ids.Add(id);
        return ids;
    }
}
