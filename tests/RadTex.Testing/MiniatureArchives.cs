using System.IO.Compression;
using System.Text;

namespace RadTex.Testing;

/// <summary>Public archives in miniature, made of drawn pictures and invented reports.</summary>
internal static class MiniatureArchives
{
    internal const string MimicLabels = "subject_id,study_id,Atelectasis,Edema,No Finding";

    /// <summary>
    /// MIMIC-CXR-JPG with <paramref name="patients"/> patients of two studies each; a study has an AP and a lateral picture.
    /// Patient 10000000 + p; study 50000000 + 10 p + s; image "p-s-ap" and "p-s-lat"; patients cycle train, validate, test.
    /// </summary>
    internal static string Mimic(string root, int patients = 6, bool gzip = true, bool reports = true)
    {
        var metadata = new StringBuilder("dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns\n");
        var split = new StringBuilder("dicom_id,study_id,subject_id,split\n");
        var labels = new StringBuilder(MimicLabels + "\n");
        for (int p = 0; p < patients; p++)
        {
            for (int s = 0; s < 2; s++)
            {
                int subject = 10000000 + p, study = 50000000 + 10 * p + s;
                var folder = Path.Combine(root, "files", "p10", $"p{subject}");
                labels.Append($"{subject},{study},{(s == 0 ? "1.0" : "")},{(p % 2 == 0 ? "-1.0" : "0.0")},\n");
                if (reports) WriteText(Path.Combine(folder, $"s{study}.txt"), Report($"Number {p} {s}."));
                foreach (var (name, view) in new[] { ("ap", "AP"), ("lat", "LATERAL") })
                {
                    var id = $"{p}-{s}-{name}";
                    metadata.Append($"{id},{subject},{study},\"CHEST (PORTABLE AP), ONE VIEW\",{view},64,80\n");
                    split.Append($"{id},{study},{subject},{(p % 3 == 0 ? "train" : p % 3 == 1 ? "validate" : "test")}\n");
                    Pictures.WriteRadiograph(Path.Combine(folder, $"s{study}", $"{id}.jpg"), p * 10 + s);
                }
            }
        }
        WriteTable(root, "mimic-cxr-2.0.0-metadata.csv", metadata.ToString(), gzip);
        WriteTable(root, "mimic-cxr-2.0.0-split.csv", split.ToString(), gzip);
        WriteTable(root, "mimic-cxr-2.0.0-chexpert.csv", labels.ToString(), gzip);
        return root;
    }

    /// <summary>A report as MIMIC-CXR writes them: every line starts with one space.</summary>
    internal static string Report(string findings) =>
        "                                 FINAL REPORT\n EXAMINATION:  CHEST (PORTABLE AP)\n \n FINDINGS: \n \n "
            + $"{findings}\n The second line.\n \n IMPRESSION: \n \n Unchanged.\n";

    /// <summary>NIH ChestX-ray14 with <paramref name="patients"/> patients of two pictures each.</summary>
    internal static string Nih(string root, int patients = 6, string images = "images")
    {
        var table = new StringBuilder(
            "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View "
                + "Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\n");
        for (int p = 1; p <= patients; p++)
        {
            for (int f = 0; f < 2; f++)
            {
                var name = $"{p:00000000}_{f:000}.png";
                table.Append(
                    $"{name},{(f == 0 ? "No Finding" : "Effusion|Pleural_Thickening")},{f},{p},60,F,{(f == 0 ? "PA" : "AP")},2992,"
                        + "2991,0.143,0.143,\n");
                Pictures.WriteRadiograph(Path.Combine(root, images, name), p * 2 + f);
            }
        }
        WriteText(Path.Combine(root, "Data_Entry_2017_v2020.csv"), table.ToString());
        return root;
    }

    internal static void WriteTable(string root, string name, string text, bool gzip)
    {
        if (!gzip)
        {
            WriteText(Path.Combine(root, name), text);
            return;
        }
        Directory.CreateDirectory(root);
        using var stream = new GZipStream(File.Create(Path.Combine(root, name + ".gz")), CompressionLevel.Fastest);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    internal static string WriteText(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Replaces text in a plain table.</summary>
    internal static void Edit(string path, string old, string text)
    {
        var content = File.ReadAllText(path);
        content.ShouldContain(old);
        File.WriteAllText(path, content.Replace(old, text, StringComparison.Ordinal));
    }
}
