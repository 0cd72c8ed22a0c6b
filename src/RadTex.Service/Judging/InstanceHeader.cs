using System.Text.Json;
using RadTex.Imaging.Dicom;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Service.Models;

namespace RadTex.Service.Judging;

/// <summary>
/// What rules and reports need of a DICOM instance beside its pixels. It was read when the instance was accepted, and goes with it in the queue until
/// all is sent: a file of 18 MB is not read again for a few words.
/// </summary>
/// <param name="View">Such as PA.</param>
/// <param name="Modality">Such as DX.</param>
/// <param name="Station">Station name.</param>
/// <param name="Subject">What a report repeats.</param>
internal sealed record InstanceHeader(string View, string Modality, string Station, ReportSubject Subject)
{
    internal static InstanceHeader Of(DicomInstance instance) => new(instance.View, instance.Modality, instance.Station, instance.Subject);

    /// <summary>What rules look at.</summary>
    internal ArrivedHeader ForRules(string calledAe) => new(calledAe, View, Modality, Station);

    internal string ToJson() => JsonSerializer.Serialize(
        new Document(
            View, Modality, Station, Subject.SopClass, Subject.SopInstance, Subject.SeriesUid, Subject.StudyUid,
            [.. Subject.Elements.Select(e => new Element(e.Key, e.Value.Representation, e.Value.Value))]),
        JsonFormat.Line);

    internal static InstanceHeader Parse(string json)
    {
        var read = JsonSerializer.Deserialize<Document>(json, JsonFormat.StrictLine)!;
        return new(read.View, read.Modality, read.Station, new(
            read.SopClass, read.SopInstance, read.SeriesUid, read.StudyUid,
            read.Elements.ToDictionary(e => e.Tag, e => (e.Representation, e.Value))));
    }

    private sealed record Document(
        string View, string Modality, string Station, string SopClass, string SopInstance, string SeriesUid, string StudyUid, Element[] Elements);

    private sealed record Element(uint Tag, string Representation, byte[] Value);
}
