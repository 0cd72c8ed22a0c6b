using System.Globalization;
using RadTex.Studies;
using RadTex.Studies.Tables;

namespace RadTex.Text;

/// <summary>
/// Corrections by hand for single studies whose headers mislead the section parser, as MIMIC-CXR's official code keeps them: another section that is
/// the impression, a range of characters, or nothing at all. The file is the user's: columns study_id, section, start, end, and optionally as, and
/// patient_id or subject_id, which a table needs where studies are numbered within each patient.
/// </summary>
/// <remarks>
/// A row with a section takes the last section of that name (as the parser calls it) for the impression; one with start and end takes those
/// characters of the file, from 0, the end not included; one with neither says the report has nothing to read. The column <c>as</c> names another
/// section than impression. As in the official code, such a study has no section but that one.
/// </remarks>
public sealed class SectionOverrides
{
    private readonly Dictionary<StudyKey, (string? Section, int Start, int End, string As)> studies = [];
    private bool byPatient;

    private SectionOverrides() { }

    /// <summary>The number of studies that are corrected.</summary>
    public int Count => studies.Count;

    /// <summary>Reads the table.</summary>
    /// <exception cref="UserErrorException">A column is missing, or a row is neither of the three kinds.</exception>
    public static SectionOverrides Read(string path)
    {
        using var table = Table.Open(path);
        int study = table.Require("study_id", "Expected columns study_id, section, start, end."), section = table.Find("section"),
            start = table.Find("start"), end = table.Find("end"), name = table.Find("as");
        int patient = table.Find(IdList.Patients);
        var overrides = new SectionOverrides { byPatient = patient >= 0 };
        while (table.Read())
        {
            string Cell(int column) => column < 0 ? "" : table[column].Trim();
            var (from, to) = (Cell(start), Cell(end));
            int first = 0, last = 0;
            bool isRange = from.Length > 0 || to.Length > 0;
            if (
                isRange && (
                    !int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out first)
                        || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out last) || last < first || Cell(section).Length > 0))
                throw new UserErrorException($"{path}, line {table.Row}: expected a section, or a start and an end not before it, or neither.");
            overrides.studies[new(Cell(patient), Cell(study).TrimStart('s'))] =
                (
                    Cell(section) is { Length: > 0 } word ? word.ToLowerInvariant() : null, first, last,
                    Cell(name) is { Length: > 0 } other ? other.ToLowerInvariant() : ReportSections.Impression);
        }
        return overrides;
    }

    /// <summary>The sections of a study's report, corrected where the table has it.</summary>
    internal ReportSections Apply(StudyKey study, ReportSections report)
    {
        if (!studies.TryGetValue(byPatient ? study : study with { PatientId = "" }, out var found)) return report;
        var text = found.Section is { } section ? report.Last(section)
            : found.End > found.Start ? report.Report[Math.Min(found.Start, report.Report.Length)..Math.Min(found.End, report.Report.Length)] : null;
        return report.With(text is null ? [] : [new ReportSection(found.As, text)]);
    }
}
