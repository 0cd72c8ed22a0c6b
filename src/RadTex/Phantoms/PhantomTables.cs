using System.Globalization;
using System.IO.Compression;
using System.Text;
using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>The csv.gz files of a set: MIMIC-CXR-JPG's own, and beside them what was drawn and where.</summary>
internal sealed class PhantomTables
{
    internal const string Prefix = "mimic-cxr-2.0.0-";

    private static readonly string[] Names =
        [Prefix + "metadata.csv.gz", Prefix + "split.csv.gz", Prefix + "chexpert.csv.gz", Prefix + "negbio.csv.gz", "phantom-truth.csv.gz", "phantom-boxes.csv.gz"];

    private readonly StringBuilder metadata = new(
        "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,StudyDate,StudyTime," +
        "ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning\n");

    private readonly StringBuilder split = new("dicom_id,study_id,subject_id,split\n");
    private readonly StringBuilder labels = new($"subject_id,study_id,{string.Join(',', ChexpertFindings.Names)}\n");
    private readonly StringBuilder boxes = new("dicom_id,finding,x_min,y_min,x_max,y_max,site,contrast\n");

    private readonly StringBuilder truth = new(
        $"dicom_id,study_id,subject_id,{string.Join(',', PhantomFindings.Names)},edema_severity,difficulty,{string.Join(',', PhantomFindings.Names.Select(n => n + " contrast"))}\n");

    internal void Add(PhantomOptions options, PhantomPatient patient, PhantomStudy study, LabelTally tally)
    {
        labels.Append($"{patient.SubjectId},{study.StudyId},{string.Join(',', tally.Cells())}\n");
        var findings = Enum.GetValues<PhantomFinding>();
        string present = string.Join(',', findings.Select(f => study.Has(f) ? "1" : "0"));
        string contrasts = string.Join(',', findings.Select(f => study.Contrast(f)?.ToString("0.000", CultureInfo.InvariantCulture) ?? ""));
        string view = study.IsAnteroposterior ? "AP" : "PA";
        string step = study.IsAnteroposterior ? "CHEST (PORTABLE AP) - SYNTHETIC PHANTOM" : "CHEST (PA) - SYNTHETIC PHANTOM";
        string viewMeaning = study.IsAnteroposterior ? "antero-posterior" : "postero-anterior";
        foreach (var e in study.Exposures)
        {
            metadata.Append($"{e.DicomId},{patient.SubjectId},{study.StudyId},{step},{view},{e.Height},{e.Width},{study.Time:yyyyMMdd},{study.Time:HHmmss}.000,{step},{viewMeaning},Erect\n");
            split.Append($"{e.DicomId},{study.StudyId},{patient.SubjectId},{patient.Split}\n");
            truth.Append($"{e.DicomId},{study.StudyId},{patient.SubjectId},{present},{study.EdemaSeverity},{options.Difficulty.ToString(CultureInfo.InvariantCulture)},{contrasts}\n");
        }
    }

    internal void Add(Exposure exposure, IEnumerable<PhantomBox> found)
    {
        foreach (var b in found)
            boxes.Append($"{exposure.DicomId},{b.Finding.Name()},{b.XMin},{b.YMin},{b.XMax},{b.YMax},{b.Site},{b.Contrast.ToString("0.000", CultureInfo.InvariantCulture)}\n");
    }

    internal void Write(string folder)
    {
        StringBuilder[] tables = [metadata, split, labels, labels, truth, boxes];
        for (int i = 0; i < Names.Length; i++)
        {
            var table = tables[i];
            AtomicFile.Write(Path.Combine(folder, Names[i]), stream =>
            {
                using var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                using var writer = new StreamWriter(packed, new UTF8Encoding(false));
                foreach (var chunk in table.GetChunks()) writer.Write(chunk.Span);
            });
        }
    }

    internal static IEnumerable<string> FilesOf(string folder) => Names.Select(name => Path.Combine(folder, name));
}
