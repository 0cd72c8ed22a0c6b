using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Data;

/// <summary>What became of a source's reports; a report counts once, however many radiographs show its study.</summary>
/// <param name="Reports">The reports: all of the source where its tables hold them, else those of the radiographs that were listed.</param>
/// <param name="WithText">Those with the text that was asked for.</param>
/// <param name="Empty">Those that hold nothing.</param>
/// <param name="WithoutText">Those that hold something, but not the section asked for.</param>
/// <param name="Missing">Studies without a report, or with one that could not be read.</param>
public sealed record ReportCounts(int Reports, int WithText, int Empty, int WithoutText, int Missing)
{
    /// <summary>Counts texts that are at hand.</summary>
    internal static ReportCounts Of(IReadOnlyList<string> reports, CaptionRule rule)
    {
        int empty = reports.Count(string.IsNullOrWhiteSpace), found = reports.Count(r => rule.Caption(r, null) is not null);
        return new(reports.Count, found, empty, reports.Count - empty - found, 0);
    }

    /// <summary>Counts what opening the radiographs found, a study once.</summary>
    internal static ReportCounts Of(IReadOnlyList<Radiograph> radiographs, IReadOnlyList<PreparedItem> items)
    {
        var studies = new Dictionary<StudyKey, string?>();
        for (int i = 0; i < items.Count; i++)
            studies.TryAdd(radiographs[i].Study, items[i].NoText);
        int Count(string? reason) => studies.Values.Count(v => v == reason);
        int found = Count(null), empty = Count(RejectReason.EmptyReport), without = Count(RejectReason.MissingSection);
        return new(studies.Count, found, empty, without, studies.Count - found - empty - without);
    }

    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        $"{Reports:N0}: {WithText:N0} with text, {Empty:N0} empty, {WithoutText:N0} without that section, {Missing:N0} missing";
}
