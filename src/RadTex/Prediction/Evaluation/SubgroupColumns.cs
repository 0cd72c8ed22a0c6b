using RadTex.Data;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Prediction.Evaluation;

/// <summary>The subgroups that data have: by view, by sex and age where a table has them, by any column asked for.</summary>
internal static class SubgroupColumns
{
    /// <summary>A column of more different values forms no groups.</summary>
    internal const int MostValues = 20;

    /// <param name="data">The rows.</param>
    /// <param name="table">With a column of images or patients; null for none.</param>
    /// <param name="asked">Columns asked for; empty or null for sex and age where the table has them.</param>
    /// <exception cref="UserErrorException">A column is missing or has too many values.</exception>
    internal static IReadOnlyList<SubgroupColumn> Of(LabelledPictures data, string? table, IReadOnlyList<string>? asked)
    {
        var found = new List<SubgroupColumn>();
        if (data.Radiographs.Any(r => r.View.Length > 0)) found.Add(
            new("view", [.. data.Radiographs.Select(r => r.View.Length > 0 ? r.View : null)]));
        if (table is not null) found.AddRange(Read(data.Radiographs, table, asked ?? []));
        else if (asked is { Count: > 0 }) throw new UserErrorException(
            $"Subgroups by {string.Join(", ", asked)} need a table with these columns. Name one.");
        return found;
    }

    private static IEnumerable<SubgroupColumn> Read(IReadOnlyList<PreparedRadiograph> radiographs, string path, IReadOnlyList<string> asked)
    {
        using var table = Table.Open(path);
        int image = table.Find([.. IdList.Images, .. TableSource.ImageNames]), patient = table.Find(IdList.Patients);
        if (image < 0 && patient < 0) patient = table.Require(IdList.Patients[0], "Expected a column of images or patients.");
        var columns = asked.Select(name =>
            (Name: name, Column: table.Require(name, "Check the names of the columns to form subgroups by."), Of: new Func<string, string?>(Text)))
            .ToList();
        if (asked.Count == 0)
        {
            if (table.Find(PatientTraits.SexColumns) is >= 0 and var sex) columns.Add(("sex", sex, PatientTraits.SexOf));
            if (table.Find(PatientTraits.AgeColumns) is >= 0 and var age) columns.Add(("age", age, PatientTraits.AgeOf));
        }
        var byId = new Dictionary<string, string?[]>(StringComparer.Ordinal);
        while (table.Read()) byId[table[image >= 0 ? image : patient].Trim()] = [.. columns.Select(c => c.Of(table[c.Column].Trim()))];
        var rows = radiographs.Select(r => byId.GetValueOrDefault(image >= 0 ? r.ImageId : r.PatientId)).ToArray();
        if (columns.Count > 0 && rows.All(r => r is null)) throw new UserErrorException(
            $"{path} has none of the {radiographs.Count:N0} radiographs. Expected a column of their images or patients.");
        for (int i = 0; i < columns.Count; i++)
        {
            string?[] values = [.. rows.Select(r => r?[i])];
            if (values.Distinct().Count() > MostValues) throw new UserErrorException(
                $"Column '{columns[i].Name}' of {path} has more than {MostValues} different values: no subgroups can be formed by it.");
            yield return new(columns[i].Name, values);
        }
    }

    private static string? Text(string cell) => cell.Length == 0 ? null : string.Concat(cell.Take(40).Select(c => char.IsControl(c) ? ' ' : c));
}
