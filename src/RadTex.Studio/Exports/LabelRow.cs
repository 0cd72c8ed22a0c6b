using System.Security.Cryptography;
using System.Text;
using RadTex.Studio.Labelling;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Exports;

/// <summary>
/// A reader's answer to a finding of a radiograph, as labels leave a project. Ids are the dataset's; no text of a report is among them.
/// </summary>
/// <param name="ImageId">The radiograph.</param>
/// <param name="PatientId">Its patient.</param>
/// <param name="StudyId">Its study.</param>
/// <param name="Finding">What was asked.</param>
/// <param name="Reader">A handle.</param>
/// <param name="First">The first answer: a class, "uncertain" or "not assessable".</param>
/// <param name="Current">After revisions.</param>
/// <param name="Agreed">What counts for the picture: settled, else what most readers say; empty where they disagree or nobody gave a class.</param>
/// <param name="Mean">The mean class of the picture's answers that are classes, the share of positive ones of two; null for none.</param>
/// <param name="Confidence">"sure" or empty.</param>
/// <param name="Repeats">Answers when it was asked again, joined by semicolons.</param>
/// <param name="Policy">What chose the picture.</param>
/// <param name="Propensity">The chance of a patient to be in the reserve, for its pictures; null for others.</param>
/// <param name="MillisecondsInView">How long it was in view.</param>
/// <param name="Time">Of the first answer, UTC.</param>
/// <param name="Reason">Why it is not assessable.</param>
public sealed record LabelRow(
    string ImageId, string PatientId, string StudyId, string Finding, string Reader, string First, string Current, string Agreed, double? Mean,
    string Confidence, string Repeats, string Policy, double? Propensity, long? MillisecondsInView, DateTimeOffset Time, string Reason)
{
    private const int CodeLength = 32;

    /// <summary>All answers of a project, in the order they were given, imported ones among them.</summary>
    public static IReadOnlyList<LabelRow> Of(Workplace work) => work.Session.Read(book =>
    {
        var events = work.Project.Events;
        var given = work.Session.Settings.Findings.SelectMany(
            finding => book.Readers.SelectMany(reader => book.Of(reader, finding).Select(l => (finding, Picture: l.Key, Label: l.Value))));
        var brought = work.Session.Settings.Findings.SelectMany(finding => book.Imported(finding)
            .SelectMany(p => p.Value.Select(l => (finding, Picture: p.Key, Label: new PictureLabels(l.Answer, l.Answer, l.Event)))));
        return (IReadOnlyList<LabelRow>)[.. given.Concat(brought).Where(l => work.Pool.Has(l.Picture)).OrderBy(l => l.Label.Event)
            .Select(l => Of(work, book, events[(int)l.Label.Event - 1], l.finding, l.Label))];
    });

    /// <summary>The same with codes in place of radiograph, patient and study: the same under the same key, and nobody's number.</summary>
    public LabelRow Under(byte[] key)
    {
        string Code(string kind, string id) =>
            Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}\n{id}")))[..CodeLength];
        return this with { ImageId = Code("image", ImageId), PatientId = Code("patient", PatientId), StudyId = Code("study", StudyId) };
    }

    private static LabelRow Of(Workplace work, LabelBook book, StudioEvent first, string finding, PictureLabels label)
    {
        var radiograph = work.RadiographOf(first.Picture);
        return new(
            radiograph.ImageId, radiograph.PatientId, radiograph.StudyId, finding, first.Reader, label.First.ToString(), label.Current.ToString(),
            book.Consensus(finding, first.Picture, first: false)?.ToString() ?? "",
            book.MeanClass(finding, first.Picture), first.Confidence, string.Join(';', label.Repeats), first.Policy,
            first.Propensity, first.MillisecondsInView, first.Time, first.Kind == EventKind.Import ? "" : first.Note);
    }
}
