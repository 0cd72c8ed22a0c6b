using System.Globalization;
using System.IO.Compression;
using System.Text;
using RadTex.Files;
using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>The csv.gz files of a set: MIMIC-CXR-JPG's own, and beside them what was drawn and where.</summary>
internal sealed class PhantomTables
{
    internal const string Prefix = "mimic-cxr-2.0.0-", EdemaFolder = "edema", Records = "cxr-record-list.csv.gz";

    // A person in eight plays the consensus set's part; in MIMIC-CXR it is 123 of 1,678 patients.
    private const int ConsensusShare = 8;

    private static readonly string[] Names =
        [Prefix + "metadata.csv.gz", Prefix + "split.csv.gz", Prefix + "chexpert.csv.gz", Prefix
            + "negbio.csv.gz", PhantomArchive.TruthTable, "phantom-boxes.csv.gz",
         "patients.csv.gz", EdemaFolder + "/consensus_image_edema_severity.csv", EdemaFolder + "/regex_report_edema_severity.csv"];

    private readonly StringBuilder metadata = new(
        "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,StudyDate,StudyTime," +
        "ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning\n");

    private readonly StringBuilder records = new("subject_id,study_id,dicom_id,path\n"); // DICOM's alone
    private readonly StringBuilder split = new("dicom_id,study_id,subject_id,split\n");
    private readonly StringBuilder labels = new($"subject_id,study_id,{string.Join(',', ChexpertFindings.Names)}\n");
    private readonly StringBuilder boxes = new("dicom_id,finding,x_min,y_min,x_max,y_max,site,contrast\n");

    private readonly StringBuilder truth = new(
        $"dicom_id,study_id,subject_id,{string.Join(',', PhantomFindings.Names)},edema_severity,difficulty,"
            + $"{string.Join(',', PhantomFindings.Names.Select(n => n + " contrast"))}\n");

    // As MIMIC-IV's patients, and as mimic-cxr-pe-severity's files.
    private readonly StringBuilder patients = new("subject_id,gender,anchor_age\n");
    private readonly StringBuilder consensus = new("subject_id,study_id,dicom_id,edema_severity\n");
    private readonly StringBuilder regex = new("subject_id,study_id,edema_severity\n");
    private int lastPatient = -1;

    internal void Add(PhantomOptions options, PhantomPatient patient, PhantomStudy study, LabelTally tally)
    {
        if (patient.SubjectId != lastPatient)
            patients.Append($"{lastPatient = patient.SubjectId},{(patient.IsFemale ? 'F' : 'M')},{patient.AgeYears}\n");
        AddEdema(patient, study, tally);
        labels.Append($"{patient.SubjectId},{study.StudyId},{string.Join(',', tally.Cells())}\n");
        var findings = Enum.GetValues<PhantomFinding>();
        string present = string.Join(',', findings.Select(f => study.Has(f) ? "1" : "0"));
        string contrasts = string.Join(',', findings.Select(f => study.Contrast(f)?.ToString("0.000", CultureInfo.InvariantCulture) ?? ""));
        string view = study.IsAnteroposterior ? "AP" : "PA";
        string step = study.IsAnteroposterior ? "CHEST (PORTABLE AP) - SYNTHETIC PHANTOM" : "CHEST (PA) - SYNTHETIC PHANTOM";
        string viewMeaning = study.IsAnteroposterior ? "antero-posterior" : "postero-anterior";
        foreach (var e in study.Exposures)
        {
            records.Append($"{patient.SubjectId},{study.StudyId},{e.DicomId},{PhantomArchive.PathOf(patient, study)}/{e.DicomId}.dcm\n");
            metadata.Append(
                $"{e.DicomId},{patient.SubjectId},{study.StudyId},{step},{view},{e.Height},{e.Width},{study.Time:yyyyMMdd},"
                    + $"{study.Time:HHmmss}.000,{step},{viewMeaning},Erect\n");
            split.Append($"{e.DicomId},{study.StudyId},{patient.SubjectId},{patient.Split}\n");
            truth.Append(
                $"{e.DicomId},{study.StudyId},{patient.SubjectId},{present},{study.EdemaSeverity},"
                    + $"{options.Difficulty.ToString(CultureInfo.InvariantCulture)},{contrasts}\n");
        }
    }

    /// <summary>The grade of a report that speaks of edema, and of some patients the grade that was drawn.</summary>
    private void AddEdema(PhantomPatient patient, PhantomStudy study, LabelTally tally)
    {
        int? said = tally.Of(PhantomFinding.Edema) switch { Mention.Positive => Math.Max(1, study.EdemaSeverity), Mention.Negative => 0, _ => null };
        if (said is null) return;
        regex.Append($"{patient.SubjectId},{study.StudyId},{said}\n");
        if (CounterRandom.Hash((ulong)patient.SubjectId) % ConsensusShare != 0) return;
        foreach (var e in study.Exposures) consensus.Append($"{patient.SubjectId},{study.StudyId},{e.DicomId},{study.EdemaSeverity}\n");
    }

    internal void Add(Exposure exposure, IEnumerable<PhantomBox> found)
    {
        foreach (var b in found)
            boxes.Append(
                $"{exposure.DicomId},{b.Finding.Name()},{b.XMin},{b.YMin},{b.XMax},{b.YMax},{b.Site},"
                    + $"{b.Contrast.ToString("0.000", CultureInfo.InvariantCulture)}\n");
    }

    internal void Write(PhantomOptions options, string folder)
    {
        StringBuilder[] tables = [metadata, split, labels, labels, truth, boxes, patients, consensus, regex, records];
        Directory.CreateDirectory(Path.Combine(folder, EdemaFolder));
        foreach (var (name, table) in NamesOf(options).Zip(tables))
        {
            AtomicFile.Write(Path.Combine(folder, name), stream =>
            {
                using var packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(
                    stream, CompressionLevel.Optimal, leaveOpen: true) : null;
                using var writer = new StreamWriter(packed ?? stream, new UTF8Encoding(false), leaveOpen: true);
                foreach (var chunk in table.GetChunks()) writer.Write(chunk.Span);
            });
        }
    }

    internal static IEnumerable<string> FilesOf(PhantomOptions options, string folder) => NamesOf(options).Select(name => Path.Combine(folder, name));

    private static string[] NamesOf(PhantomOptions options) => options.DicomBits > 0 ? [.. Names, Records] : Names;
}
