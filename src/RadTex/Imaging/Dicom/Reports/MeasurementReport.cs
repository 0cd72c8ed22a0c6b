using System.Globalization;

namespace RadTex.Imaging.Dicom.Reports;

/// <summary>
/// A structured report of one radiograph: an imaging measurement report (PS3.16, TID 1500) in a Comprehensive SR document, a measurement group
/// (TID 1501) a finding. The studio writes readers' labels with it, the service a model's probabilities.
/// </summary>
public static class MeasurementReport
{
    private const string ComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33", Contains = "CONTAINS", Context = "HAS OBS CONTEXT",
        Modifier = "HAS CONCEPT MOD";

    private static readonly CodedConcept NoUnits = new("1", "UCUM", "no units");

    /// <summary>The file's bytes.</summary>
    /// <param name="of">The radiograph.</param>
    /// <param name="by">Who says it.</param>
    /// <param name="findings">What is said, at least one.</param>
    /// <param name="time">When, UTC.</param>
    /// <param name="identity">What makes this report another one than others of the same radiograph; the same texts give the same identifier.</param>
    public static byte[] Bytes(
        ReportSubject of, ReportObserver by, IReadOnlyList<ReportFinding> findings, DateTimeOffset time, params IReadOnlyList<string> identity)
    {
        string[] own = [of.SopInstance, by.Name, by.Version, .. identity];
        string date = time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            clock = time.UtcDateTime.ToString("HHmmss", CultureInfo.InvariantCulture);
        var document = new DicomContent().Text(0x0008_0005, "CS", "ISO_IR 192").Text(DicomTag.SopClass, "UI", ComprehensiveSr)
            .Text(DicomTag.SopInstance, "UI", DicomContent.UidOf(["report", .. own])).Text(0x0008_0023, "DA", date).Text(0x0008_0033, "TM", clock)
            .Text(DicomTag.Modality, "CS", "SR").Text(0x0008_0070, "LO", "RadTex").Text(0x0008_103E, "LO", "RadTex findings")
            .Text(0x0008_1090, "LO", "RadTex").Sequence(0x0008_1111).Text(0x0018_1020, "LO", by.Version)
            .Text(0x0020_000D, "UI", of.StudyUid).Text(0x0020_000E, "UI", DicomContent.UidOf("series", of.StudyUid, by.Name, by.Version))
            .Text(0x0020_0011, "IS", "1").Text(0x0020_0013, "IS", "1").Text(0x0040_A040, "CS", "CONTAINER")
            .Sequence(0x0040_A043, new CodedConcept("126000", "DCM", "Imaging Measurement Report").Content()).Text(0x0040_A050, "CS", "SEPARATE")
            .Sequence(0x0040_A372).Sequence(0x0040_A375, Evidence(of)).Text(0x0040_A491, "CS", "COMPLETE").Text(0x0040_A493, "CS", "UNVERIFIED")
            .Sequence(0x0040_A504, new DicomContent().Text(0x0008_0105, "CS", "DCMR").Text(0x0040_DB00, "CS", "1500"))
            .Sequence(0x0040_A730, [.. Observer(by), .. Opening(), Library(of), Measurements(findings, own)]);
        foreach (var (tag, (representation, text)) in of.Elements) document.Text(tag, representation, text);
        return document.ToFile();
    }

    private static DicomContent Evidence(ReportSubject of) => new DicomContent()
        .Sequence(
            0x0008_1115, new DicomContent().Sequence(0x0008_1199, Reference(of)).Text(0x0020_000E, "UI", of.SeriesUid))
                .Text(0x0020_000D, "UI", of.StudyUid);

    private static DicomContent Reference(ReportSubject of) =>
        new DicomContent().Text(0x0008_1150, "UI", of.SopClass).Text(0x0008_1155, "UI", of.SopInstance);

    private static IEnumerable<DicomContent> Opening() =>
    [
        Code(Modifier, new("121049", "DCM", "Language of Content Item and Descendants"), new("en", "RFC5646", "English")),
        Code(Modifier, new("121058", "DCM", "Procedure reported"), new("399208008", "SCT", "Plain chest X-ray")),
    ];

    private static IEnumerable<DicomContent> Observer(ReportObserver by)
    {
        yield return Code(
            Context, new("121005", "DCM", "Observer Type"), by.IsPerson ? new("121006", "DCM", "Person") : new("121007", "DCM", "Device"));
        if (by.IsPerson)
        {
            yield return Item(Context, "PNAME", new("121008", "DCM", "Person Observer Name")).Text(0x0040_A123, "PN", by.Name);
            yield break;
        }
        yield return Uid(Context, new("121012", "DCM", "Device Observer UID"), DicomContent.UidOf("device", by.Name, by.Version));
        yield return Text(Context, new("121013", "DCM", "Device Observer Name"), by.Name);
        yield return Text(Context, new("121014", "DCM", "Device Observer Manufacturer"), "RadTex");
        yield return Text(Context, new("121015", "DCM", "Device Observer Model Name"), by.Version);
    }

    private static DicomContent Library(ReportSubject of)
    {
        var image = new DicomContent().Text(0x0040_A010, "CS", Contains).Text(0x0040_A040, "CS", "IMAGE").Sequence(0x0008_1199, Reference(of));
        return Container(
            new("111028", "DCM", "Image Library"), Container(new("126200", "DCM", "Image Library Group"), image));
    }

    private static DicomContent Measurements(IReadOnlyList<ReportFinding> findings, string[] own) =>
        Container(new("126010", "DCM", "Imaging Measurements"), [.. findings.Select(f => Group(f, own))]);

    private static DicomContent Group(ReportFinding of, string[] own)
    {
        var items = new List<DicomContent>
        {
            Text(Context, new("112039", "DCM", "Tracking Identifier"), of.TrackingId),
            Uid(
                Context, new("112040", "DCM", "Tracking Unique Identifier"),
                DicomContent.UidOf(["finding", of.TrackingId, of.Finding.Value, .. own])),
            Code(Contains, new("121071", "DCM", "Finding"), of.Finding),
        };
        if (of.Presence is { } presence) items.Add(Code(Contains, CodedConcept.Own("PRESENCE", "Presence of the finding"), presence));
        if (of.Grade is { } grade) items.Add(Number(CodedConcept.Own("GRADE", "Grade of the finding"), grade));
        if (of.Probability is { } probability)
            items.Add(Number(CodedConcept.Own("PROBABILITY", "Probability that the finding is present"), probability));
        return Container(new("125007", "DCM", "Measurement Group"), [.. items]);
    }

    private static DicomContent Item(string relation, string type, CodedConcept concept) =>
        new DicomContent().Text(0x0040_A010, "CS", relation).Text(0x0040_A040, "CS", type).Sequence(0x0040_A043, concept.Content());

    private static DicomContent Code(string relation, CodedConcept concept, CodedConcept value) =>
        Item(relation, "CODE", concept).Sequence(0x0040_A168, value.Content());

    private static DicomContent Text(string relation, CodedConcept concept, string value) =>
        Item(relation, "TEXT", concept).Text(0x0040_A160, "UT", value);

    private static DicomContent Uid(string relation, CodedConcept concept, string value) =>
        Item(relation, "UIDREF", concept).Text(0x0040_A124, "UI", value);

    private static DicomContent Number(CodedConcept concept, double value) => Item(Contains, "NUM", concept).Sequence(
        0x0040_A300, new DicomContent().Number(0x0040_A30A, value).Sequence(0x0040_08EA, NoUnits.Content()));

    private static DicomContent Container(CodedConcept concept, params IReadOnlyList<DicomContent> items) =>
        Item(Contains, "CONTAINER", concept).Text(0x0040_A050, "CS", "SEPARATE").Sequence(0x0040_A730, items);
}
