using System.Globalization;

namespace RadTex.Imaging.Dicom.Reports;

/// <summary>
/// A structured report of one radiograph: an imaging measurement report (PS3.16, TID 1500) in a Comprehensive 3D SR document, a measurement group
/// (TID 1501) a finding. The studio writes readers' labels with it, the service a model's probabilities.
/// </summary>
public static class MeasurementReport
{
    /// <summary>The SOP class of what is written: Comprehensive 3D SR.</summary>
    public const string Comprehensive3DSr = "1.2.840.10008.5.1.4.1.1.88.34";

    internal const string Maker = "RadTex";

    private const string Contains = "CONTAINS", Context = "HAS OBS CONTEXT", Modifier = "HAS CONCEPT MOD";
    private const int LongestLongString = 64;

    private static readonly CodedConcept NoUnits = new("1", "UCUM", "no units");

    /// <summary>The file's bytes: the same content gives the same bytes.</summary>
    public static byte[] Bytes(ReportContent content)
    {
        var (of, by) = (content.Of, content.By);
        string date = content.Time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            clock = content.Time.UtcDateTime.ToString("HHmmss", CultureInfo.InvariantCulture);
        var description = content.Notice is null ? "RadTex findings" : $"RadTex findings: {content.Notice}";
        var document = new DicomContent();
        foreach (var (tag, (representation, value)) in of.Elements) document.Bytes(tag, representation, value);
        document.Text(DicomTag.SopClass, "UI", Comprehensive3DSr).Text(DicomTag.SopInstance, "UI", content.SopInstance)
            .Text(0x0008_0012, "DA", date).Text(0x0008_0013, "TM", clock).Text(0x0008_0023, "DA", date).Text(0x0008_0033, "TM", clock)
            .Text(DicomTag.Modality, "CS", "SR").Text(DicomTag.Manufacturer, "LO", Maker).Text(0x0008_103E, "LO", Short(description))
            .Sequence(0x0008_0110, OwnScheme()).Text(0x0008_1090, "LO", Maker).Sequence(0x0008_1111).Text(0x0018_1020, "LO", Short(by.Version))
            .Text(DicomTag.StudyInstance, "UI", of.StudyUid)
            .Text(DicomTag.SeriesInstance, "UI", DicomContent.UidOf(["series", of.StudyUid, by.Name, by.Version, .. Algorithm(content)]))
            .Text(0x0020_0011, "IS", "1").Text(0x0020_0013, "IS", "1").Text(0x0040_A040, "CS", "CONTAINER")
            .Sequence(0x0040_A043, new CodedConcept("126000", "DCM", "Imaging Measurement Report").Content()).Text(0x0040_A050, "CS", "SEPARATE")
            .Sequence(0x0040_A372).Sequence(0x0040_A375, Evidence(of)).Text(0x0040_A491, "CS", "COMPLETE").Text(0x0040_A493, "CS", "UNVERIFIED")
            .Sequence(0x0040_A504, new DicomContent().Text(0x0008_0105, "CS", "DCMR").Text(0x0040_DB00, "CS", "1500"))
            .Sequence(0x0040_A730, [Language(), .. Observer(by), Procedure(), Library(of), .. Measurements(content), .. Evaluations(content)]);
        if (content.Algorithm is { } algorithm)
            document.Sequence(ContributingEquipment.Tag, ContributingEquipment.Of(algorithm, by, content.Notice));
        return document.ToFile();
    }

    private static IEnumerable<string> Algorithm(ReportContent content) => content.Algorithm is { } a ? [a.Name, a.Version] : [];

    private static DicomContent OwnScheme() => new DicomContent().Text(0x0008_0102, "SH", CodedConcept.OwnScheme)
        .Text(0x0008_0115, "ST", "RadTex findings without a code of another scheme").Text(0x0008_0116, "ST", Maker);

    private static DicomContent Evidence(ReportSubject of) => new DicomContent()
        .Sequence(
            0x0008_1115, new DicomContent().Sequence(0x0008_1199, Reference(of)).Text(DicomTag.SeriesInstance, "UI", of.SeriesUid))
                .Text(DicomTag.StudyInstance, "UI", of.StudyUid);

    private static DicomContent Reference(ReportSubject of) =>
        new DicomContent().Text(0x0008_1150, "UI", of.SopClass).Text(0x0008_1155, "UI", of.SopInstance);

    // TID 1204.
    private static DicomContent Language() =>
        Code(Modifier, new("121049", "DCM", "Language of Content Item and Descendants"), new("en", "RFC5646", "English"));

    private static DicomContent Procedure() =>
        Code(Modifier, new("121058", "DCM", "Procedure reported"), new("399208008", "SCT", "Plain chest X-ray"));

    // TID 1001: TID 1003 for persons, TID 1004 for devices.
    private static IEnumerable<DicomContent> Observer(ReportObserver by)
    {
        yield return Code(
            Context, new("121005", "DCM", "Observer Type"), by.IsPerson ? new("121006", "DCM", "Person") : new("121007", "DCM", "Device"));
        if (by.IsPerson)
        {
            yield return Item(Context, "PNAME", new("121008", "DCM", "Person Observer Name")).Text(0x0040_A123, "PN", by.Name);
            yield break;
        }
        yield return Uid(Context, new("121012", "DCM", "Device Observer UID"), by.DeviceUid);
        yield return Text(Context, new("121013", "DCM", "Device Observer Name"), by.Name);
        yield return Text(Context, new("121014", "DCM", "Device Observer Manufacturer"), Maker);
        yield return Text(Context, new("121015", "DCM", "Device Observer Model Name"), by.Version);
    }

    // TID 1600.
    private static DicomContent Library(ReportSubject of)
    {
        var image = new DicomContent().Text(0x0040_A010, "CS", Contains).Text(0x0040_A040, "CS", "IMAGE").Sequence(0x0008_1199, Reference(of));
        return Container(
            new("111028", "DCM", "Image Library"), Container(new("126200", "DCM", "Image Library Group"), image));
    }

    private static IEnumerable<DicomContent> Measurements(ReportContent content) => content.Findings.Count == 0 ? []
        : [Container(new("126010", "DCM", "Imaging Measurements"), [.. content.Findings.Select(f => Group(f, content))])];

    // TID 1501, in the order of its rows.
    private static DicomContent Group(ReportFinding of, ReportContent content)
    {
        var items = new List<DicomContent>
        {
            Text(Context, new("112039", "DCM", "Tracking Identifier"), of.TrackingId),
            Uid(
                Context, new("112040", "DCM", "Tracking Unique Identifier"),
                DicomContent.UidOf(["finding", of.TrackingId, of.Finding.Value, .. content.Own])),
            Code(Contains, new("121071", "DCM", "Finding"), of.Finding),
        };
        if (content.Algorithm is { } algorithm) // TID 4019
            items.AddRange(
                Text(Modifier, new("111001", "DCM", "Algorithm Name"), algorithm.Name),
                Text(Modifier, new("111003", "DCM", "Algorithm Version"), algorithm.Version),
                Text(Modifier, new("111002", "DCM", "Algorithm Parameters"), algorithm.Parameters));
        if (of.Grade is { } grade) items.Add(Number(CodedConcept.Own("GRADE", "Grade of the finding"), grade));
        if (of.Probability is { } probability)
            items.Add(Number(CodedConcept.Own("PROBABILITY", "Probability that the finding is present"), probability));
        items.Add(Item(Contains, "IMAGE", new("121112", "DCM", "Source of Measurement")).Sequence(0x0008_1199, Reference(content.Of)));
        if (of.Presence is { } presence) items.Add(Code(Contains, CodedConcept.Own("PRESENCE", "Presence of the finding"), presence));
        return Container(new("125007", "DCM", "Measurement Group"), [.. items]);
    }

    private static IEnumerable<DicomContent> Evaluations(ReportContent content)
    {
        var items = new List<DicomContent>();
        if (content.NotJudged is { } reason) items.Add(Text(Contains, CodedConcept.Own("NOT_JUDGED", "Not judged"), reason));
        if (content.Notice is { } notice) items.Add(Text(Contains, CodedConcept.Own("NOTICE", "Notice"), notice));
        return items.Count == 0 ? [] : [Container(new("C0034375", "UMLS", "Qualitative Evaluations"), [.. items])];
    }

    private static DicomContent Item(string relation, string type, CodedConcept concept) =>
        new DicomContent().Text(0x0040_A010, "CS", relation).Text(0x0040_A040, "CS", type).Sequence(0x0040_A043, concept.Content());

    private static DicomContent Code(string relation, CodedConcept concept, CodedConcept value) =>
        Item(relation, "CODE", concept).Sequence(0x0040_A168, value.Content());

    private static DicomContent Text(string relation, CodedConcept concept, string value) =>
        Item(relation, "TEXT", concept).Text(0x0040_A160, "UT", CodedConcept.Plain(value));

    private static DicomContent Uid(string relation, CodedConcept concept, string value) =>
        Item(relation, "UIDREF", concept).Text(0x0040_A124, "UI", value);

    private static DicomContent Number(CodedConcept concept, double value) => Item(Contains, "NUM", concept).Sequence(
        0x0040_A300, new DicomContent().Number(0x0040_A30A, value).Sequence(0x0040_08EA, NoUnits.Content()));

    private static DicomContent Container(CodedConcept concept, params IReadOnlyList<DicomContent> items) =>
        Item(Contains, "CONTAINER", concept).Text(0x0040_A050, "CS", "SEPARATE").Sequence(0x0040_A730, items);

    private static string Short(string text) => text[..Math.Min(text.Length, LongestLongString)];
}
