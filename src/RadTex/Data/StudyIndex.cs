using RadTex.Studies;

namespace RadTex.Data;

/// <summary>
/// Which rows of a dataset are of one study, and which studies of one patient. Studies and patients are numbered as their first rows stand.
/// Immutable, so safe for any number of threads; takes three integers a row and a key a study.
/// </summary>
public sealed class StudyIndex
{
    private readonly int[] studyOfRow, rows, firsts, patientOfStudy;
    private readonly StudyKey[] keys;

    internal StudyIndex(IReadOnlyList<PreparedRadiograph> radiographs)
    {
        var (studies, patients) = (new Dictionary<StudyKey, int>(), new Dictionary<string, int>(StringComparer.Ordinal));
        studyOfRow = new int[radiographs.Count];
        var owners = new List<int>();
        for (int row = 0; row < studyOfRow.Length; row++)
        {
            var key = radiographs[row].Study;
            if (!studies.TryGetValue(key, out int study))
            {
                study = studies[key] = studies.Count;
                if (!patients.TryGetValue(key.PatientId, out int patient)) patient = patients[key.PatientId] = patients.Count;
                owners.Add(patient);
            }
            studyOfRow[row] = study;
        }
        keys = [.. studies.OrderBy(s => s.Value).Select(s => s.Key)];
        (patientOfStudy, PatientCount) = ([.. owners], patients.Count);

        // Rows sorted by study: those of study s are rows[firsts[s]..firsts[s + 1]].
        firsts = new int[keys.Length + 1];
        foreach (int study in studyOfRow) firsts[study + 1]++;
        for (int study = 0; study < keys.Length; study++) firsts[study + 1] += firsts[study];
        rows = new int[studyOfRow.Length];
        var next = firsts.AsSpan(0, keys.Length).ToArray();
        for (int row = 0; row < rows.Length; row++) rows[next[studyOfRow[row]]++] = row;
    }

    /// <summary>The number of studies.</summary>
    public int Count => keys.Length;

    /// <summary>The number of patients.</summary>
    public int PatientCount { get; }

    /// <summary>The ids of a study.</summary>
    /// <param name="study">Its number, from 0 to <see cref="Count"/> - 1.</param>
    public StudyKey this[int study] => keys[study];

    /// <summary>The number of a row's study.</summary>
    public int StudyOf(int row) => studyOfRow[row];

    /// <summary>The number of a row's patient, from 0 to <see cref="PatientCount"/> - 1.</summary>
    public int PatientOf(int row) => patientOfStudy[studyOfRow[row]];

    /// <summary>The rows of a study, ascending.</summary>
    public ReadOnlySpan<int> RowsOf(int study) => rows.AsSpan(firsts[study], firsts[study + 1] - firsts[study]);

    /// <summary>Of rows in any order, the first of every study.</summary>
    public IEnumerable<int> OnePerStudy(IEnumerable<int> among) => among.DistinctBy(StudyOf);
}
