using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Data;

/// <summary>What a manifest says of the rows of its dataset, counted from the rows.</summary>
internal static class DatasetSummary
{
    internal static IReadOnlyDictionary<string, SplitCounts> CountSplits(IReadOnlyList<PreparedRadiograph> rows) =>
        CountSplits(rows, new(rows));

    private static Dictionary<string, SplitCounts> CountSplits(IReadOnlyList<PreparedRadiograph> rows, StudyIndex studies) =>
        SplitNames.All.ToDictionary(split => split.Name(), split =>
        {
            int[] members = [.. Enumerable.Range(0, rows.Count).Where(row => rows[row].Split == split)];
            return new SplitCounts(
                members.Length, studies.OnePerStudy(members).Count(), members.Select(studies.PatientOf).Distinct().Count());
        });

    internal static IReadOnlyList<LabelCounts> CountLabels(IReadOnlyList<PreparedRadiograph> rows, IReadOnlyList<string> names) =>
        [.. names.Select((name, i) => LabelCounts.Of(name, rows.Select(r => r.Labels[i])))];

    /// <summary>The number of patients found in more than one split.</summary>
    internal static int PatientsInSeveralSplits(IEnumerable<(string PatientId, Split Split)> rows) =>
        rows.GroupBy(r => r.PatientId).Count(patient => patient.Select(r => r.Split).Distinct().Skip(1).Any());
}
