using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RadTex.Files;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Service.Models;
using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Service.Judging;

/// <summary>
/// Report and pictures of an answer. They follow from source, answer and settings alone, dates and identifiers included: made again after a kill,
/// they are the same bytes.
/// </summary>
internal sealed class AnswerFiles(AnswerSettings settings, SpoolFolder folder)
{
    private readonly string configuration = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        JsonSerializer.Serialize(settings, JsonFormat.Line))));

    /// <summary>The device that speaks: the service of this version.</summary>
    internal static ReportObserver Observer { get; } =
        new("RadTex", false, $"RadTex {typeof(AnswerFiles).Assembly.GetName().Version!.ToString(3)}");

    /// <summary>The report's identifier: of source, model and configuration.</summary>
    internal string? ReportUid(ReportSubject subject, Answer answer) =>
        !settings.Report ? null : Content(subject, answer).SopInstance;

    /// <summary>Writes the files, each whole and flushed under its name.</summary>
    /// <param name="of">A DICOM instance.</param>
    /// <param name="answer">What is said of it.</param>
    /// <param name="model">Which said it; null for none.</param>
    internal IReadOnlyList<(string File, string Uid)> Write(QueuedInstance of, Answer answer, ServedModel? model)
    {
        if (of.Kind != InstanceKind.Dicom) return [];
        var source = folder.Whole(of.Source);
        var subject = InstanceHeader.Parse(of.Header).Subject;
        var files = new List<(string, string)>();
        if (settings.Report)
        {
            var content = Content(subject, answer);
            files.Add((Keep(of, content.SopInstance, MeasurementReport.Bytes(content)), content.SopInstance));
        }
        if (model is not null && answer.NotJudged is null)
            foreach (var (uid, bytes) in Maps(source, subject, answer, model)) files.Add((Keep(of, uid, bytes), uid));
        return files;
    }

    private ReportContent Content(ReportSubject subject, Answer answer) => new(
        subject, Observer, [.. answer.Findings.Select(Finding)], answer.Judged, answer.ModelSha256 ?? Judge.NoRule, configuration)
    {
        Algorithm = Algorithm(answer),
        Notice = Answer.NotForDiagnosis,
        NotJudged = answer.Reason,
    };

    private static ReportAlgorithm? Algorithm(Answer answer) =>
        answer.Model is null ? null : new(answer.Model, answer.ModelSha256!, answer.Runtime!);

    private static ReportFinding Finding(AnswerFinding of) => new(
        CodedConcept.OfFinding(of.Label), of.Decision switch
        {
            "positive" => CodedConcept.Present,
            "negative" => CodedConcept.Absent,
            _ => null,
        }, of.Probability, null, of.Outcome == "positive" ? of.Label : $"{of.Label}, {of.Outcome}");

    private IEnumerable<(string Uid, byte[] Bytes)> Maps(string source, ReportSubject subject, Answer answer, ServedModel model)
    {
        if (settings.Maps.Count == 0) yield break;
        using var batch = model.Pipeline.Files([source]);
        if (batch.Count == 0) yield break;
        foreach (var (output, head) in model.Maps.Outputs.Where(o => settings.Maps.Contains(o.Of.Label, StringComparer.OrdinalIgnoreCase)))
        {
            var map = model.Maps.Run(batch.Images, head);
            var capture = new MapCapture(subject, Algorithm(answer)!, Observer, answer.Judged)
            {
                Finding = output.Label,
                Probability = answer.Findings.First(f => f.Label == output.Label).Probability,
                Configuration = configuration,
            };
            yield return (capture.SopInstance, capture.Bytes(batch.Pictures[0], map));
        }
    }

    private string Keep(QueuedInstance of, string uid, byte[] bytes)
    {
        var name = SpoolFolder.AnswerName(of.Id, uid);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Whole(name))!);
        AtomicFile.WriteAllBytes(folder.Whole(name), bytes);
        return name;
    }
}
