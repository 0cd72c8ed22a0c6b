using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using RadTex.Gating;
using RadTex.Imaging.Dicom;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Service.Doors;
using RadTex.Service.Judging;
using RadTex.Service.Settings;

namespace RadTex.Service.Conformance;

/// <summary>What the service takes, makes and refuses, as a page: read from the code itself, so that it says what the code does.</summary>
internal static class ConformancePage
{
    /// <summary>docs/service-conformance.md.</summary>
    internal static string Markdown()
    {
        var page = new StringBuilder();
        void Line(string text = "") => page.Append(text).Append('\n');
        Line("# Conformance of the service");
        Line();
        Line("Generated from the code; a test holds it. How to use the service: [service](service.md).");
        Line();
        Line("## Taken");
        Line("DICOM files of one grey frame, 8 or 16 bits allocated, MONOCHROME1 or MONOCHROME2, of "
            + $"modality {RadTex.Imaging.Modalities.Expected} (others are answered \"not judged\"); JPEG, PNG and TIFF by "
            + "HTTP, the inference protocol and "
            + "the folder. Transfer syntaxes:");
        Line();
        Line("| transfer syntax | |");
        Line("| --- | --- |");
        foreach (var (uid, syntax) in DicomSyntax.All)
            Line($"| `{uid}` | {syntax.Name}{(syntax.Coding == PixelCoding.Converter ? ", where `gdcmconv` is installed" : "")} |");
        Line();
        Line("An instance in another syntax is accepted and answered \"not judged\".");
        Line();
        Line("## Made");
        Line("| SOP class | |");
        Line("| --- | --- |");
        Line($"| `{MeasurementReport.Comprehensive3DSr}` | Comprehensive 3D SR, template TID 1500 (DCMR), COMPLETE, UNVERIFIED |");
        Line($"| `{MapCapture.SecondaryCapture}` | Secondary Capture of a class map, on request (`answers.maps`), BurnedInAnnotation YES |");
        Line();
        Line(
            "Identifiers are `2.25.` and a UUID of version 8 (122 bits of SHA-256 and its six fixed bits) made of the "
                + "source's SOP instance UID, the model's "
            + "hash and the configuration of answers: the same again are the same. Transfer syntax `1.2.840.10008.1.2.1`. Findings that "
            + $"SNOMED CT has no code of are coded under {CodedConcept.OwnScheme}, declared in the Coding Scheme Identification Sequence.");
        Line();
        Line("## Services");
        Line("| service | role |");
        Line("| --- | --- |");
        Line("| STOW-RS (PS3.18, 10.5) | origin server: `POST /dicom-web/studies[/{study}]`, multipart/related; application/dicom, answers in "
            + "application/dicom+json; user agent: a destination with `stow` |");
        Line("| Orthanc's REST | user agent: follows `/changes`, fetches instances, stores results by `/instances` |");
        Line("| DIMSE | none of its own: an Orthanc, dcm4chee or dicom-server takes C-STORE |");
        Line();
        Line("## Refused");
        Line("| reason | words | HTTP | DICOM failure reason |");
        Line("| --- | --- | --- | --- |");
        foreach (var reason in Enum.GetValues<RefusalReason>())
            Line(
                string.Create(
                    CultureInfo.InvariantCulture, $"| `{reason.Name()}` | {reason.Words()} | {reason.Status()} | {reason.FailureReason():X4} |"));
        Line();
        Line("## Not judged");
        Line($"By the gate that predictions pass: {string.Join(", ", GateRules.All.Select(r => $"`{r.Name()}`"))}. By the reading: "
            + $"`{Judge.Unreadable}`, `{Judge.UnsupportedSyntax}`, `{Judge.TooLarge}`. By the rules: `{Judge.NoRule}`, "
            + $"`{Judge.Skipped}` (no report).");
        Line();
        Line("## Configuration");
        Line("| setting | default | range |");
        Line("| --- | --- | --- |");
        Settings("", new ServiceSettings(), Line);
        return page.ToString();
    }

    private static void Settings(string path, object of, Action<string> line)
    {
        foreach (var property in of.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var name = path + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            bool isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);
            var item = isList ? type.GetGenericArguments()[0] : type;
            if (item.Namespace == typeof(ServiceSettings).Namespace)
            {
                Settings(
                    isList ? $"{name}[]." : $"{name}.", property.GetValue(of) is { } value && !isList ? value : Activator.CreateInstance(item)!,
                    line);
                continue;
            }
            var text = isList ? "none" : property.GetValue(of) switch
            {
                null => "none",
                "" => "",
                bool flag => flag ? "`true`" : "`false`",
                var other => string.Create(CultureInfo.InvariantCulture, $"`{other}`"),
            };
            var range = SettingFaults.RangeOf(property) ?? (isList ? "a list" : "");
            line($"| `{name}` | {text} | {range} |");
        }
    }
}
