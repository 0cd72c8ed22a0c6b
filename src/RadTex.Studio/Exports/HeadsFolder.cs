using System.IO.Compression;
using System.Text.Json;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Inspection;

namespace RadTex.Studio.Exports;

/// <summary>The present heads of a project as a folder of the form that transfer writes and evaluation, embedding and export take.</summary>
public static class HeadsFolder
{
    /// <summary>Writes every finding's head that there is.</summary>
    /// <param name="work">The studio.</param>
    /// <param name="folder">A new folder.</param>
    /// <returns>How many.</returns>
    /// <exception cref="UserErrorException">There is none yet.</exception>
    public static int Write(Workplace work, string folder)
    {
        TrainedHead[] heads = [.. work.Session.Settings.Findings.Where(f => ClassifierExport.Describe(work, f).IsReady)
            .Select(f => ClassifierExport.HeadOf(work, f))];
        if (heads.Length == 0)
            throw new UserErrorException("There is no head yet: it needs an encoder, its features, and labels of both classes.");
        Directory.CreateDirectory(folder);
        string In(string name) => Path.Combine(folder, name);
        HeadWeightsFile.Write(In(TransferLayout.HeadWeights), [.. heads.Select(h => (h.Name, h.Weights))]);
        AtomicFile.WriteAllText(In(TransferLayout.HeadList), JsonSerializer.Serialize(
            heads.Select(h => new TrainedHead.Entry(
                h.Name, h.Task, h.Examples, h.Trial, h.Kind.Name(), h.Weights.ClassCount, h.Weights.Width, Threshold: h.Threshold,
                Recalibrations: h.Recalibrations?.ToArray(), Preparation: h.Preparation)), JsonFormat.Indented) + "\n");
        heads.Aggregate(SeenRadiographs.Nothing, (seen, h) => seen.With(h.Seen!)).Write(folder);
        AtomicFile.WriteAllText(In(TransferLayout.Metrics), JsonSerializer.Serialize(
            new
            {
                Identity = new
                {
                    Mode = "studio",
                    Train = new { EncoderSha256 = work.Encoder!.Encoder.WeightsSha256, Dataset = work.Dataset.Hash },
                    work.Session.Settings.Seed,
                },
                Figures = work.Session.Settings.Findings.Select(f => new { Finding = f, Text = Labelling.FigureText.AucOf(work.Session.Figures(f)) }),
                work.Project.Head,
            },
            JsonFormat.Indented) + "\n");
        return heads.Length;
    }

    /// <summary>The same as one file.</summary>
    public static void WriteZip(Workplace work, string path)
    {
        var folder = Directory.CreateTempSubdirectory("radtex-heads-");
        try
        {
            Write(work, folder.FullName);
            ZipFile.CreateFromDirectory(folder.FullName, path);
        }
        finally { folder.Delete(recursive: true); }
    }
}
