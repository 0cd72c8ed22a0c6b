using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>Open-I as Kaggle's raddar/chest-xrays-indiana-university has it: two tables, and a projection of every picture.</summary>
internal static class OpenIKaggle
{
    internal const string Reports = "indiana_reports.csv", Projections = "indiana_projections.csv";

    private static readonly string[] Sections = ["COMPARISON", "INDICATION", "FINDINGS", "IMPRESSION"];

    internal static IReadOnlyList<OpenIReport> Read(string reports, string projections, CancellationToken cancellation)
    {
        var images = new Dictionary<string, List<(string, string, string)>>();
        using (var table = Table.Open(projections))
        {
            int report = table.Require("uid"), file = table.Require("filename"), projection = table.Require("projection");
            while (table.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                var name = table[file].Trim();
                if (!images.TryGetValue(table[report].Trim(), out var list)) images[table[report].Trim()] = list = [];
                list.Add((name, name, table[projection].Trim().ToUpperInvariant()));
            }
        }
        var found = new List<OpenIReport>();
        using var rows = Table.Open(reports);
        int id = rows.Require("uid"), problems = rows.Require("Problems");
        int[] sections = [.. Sections.Select(s => rows.Require(s))];
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var uid = rows[id].Trim();
            found.Add(new OpenIReport(
                uid, [.. sections.SelectMany((column, i) => OpenIReport.Section(Sections[i], rows[column]))],
                [.. rows[problems].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()],
                images.GetValueOrDefault(uid, []), Path.GetFileName(reports), rows.Row));
        }
        return found;
    }
}
