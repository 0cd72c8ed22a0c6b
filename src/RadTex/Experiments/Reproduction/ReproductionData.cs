using RadTex.Data;
using RadTex.Imaging;
using RadTex.Phantoms;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Experiments.Reproduction;

/// <summary>The datasets of a reproduction: drawn or read from archives, and prepared, each once.</summary>
internal sealed class ReproductionData(ReproductionConfiguration configuration, string folder)
{
    /// <summary>Where a dataset lies: by a hash of its settings, so that changed ones make another.</summary>
    internal string FolderOf(string name) => configuration.Datasets[name].Prepared ?? Path.Combine(folder, "datasets", $"{name}-{SweepRun.Hash(configuration.Datasets[name])[..8]}");

    /// <summary>A path in which {NAME} stands for the archive's folder of the dataset NAME.</summary>
    internal string? Resolve(string? path)
    {
        foreach (var (name, settings) in configuration.Datasets)
            path = path?.Replace($"{{{name}}}", settings.Phantoms is { } phantoms ? ArchiveOf(phantoms) : settings.Root ?? "", StringComparison.Ordinal);
        return path is null || File.Exists(path) ? path : throw new UserErrorException($"statistics.groups: {path} does not exist. Name a table of patients with sex and age, or null for none.");
    }

    /// <summary>Makes what is not there yet.</summary>
    internal void Prepare(Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        foreach (var (name, settings) in configuration.Datasets)
        {
            if (settings.Prepared is not null) continue;
            var root = settings.Phantoms is { } phantoms ? Draw(phantoms, progress, cancellation)
                : settings.Root ?? throw new UserErrorException($"datasets.{name} has no root. Name the archive's folder: --set datasets.{name}.root=DIR");
            var output = FolderOf(name);
            Directory.CreateDirectory(Path.GetDirectoryName(output)!);
            var result = DatasetPreparation.Run(Source(settings, root), Options(settings, root, output), null, progress, cancellation);
            DatasetVerifier.Verify(output, progress, cancellation);
            say($"{name}: {result.Manifest.Count:N0} {(result.Manifest.Synthetic ? "synthetic " : "")}radiographs ({string.Join(", ", result.Manifest.Splits.Select(s => $"{s.Key} {s.Value.Radiographs:N0}"))}), {result.Manifest.Text.WithText:N0} with text");
        }
    }

    private string Draw(PhantomSettings settings, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        if (!Enum.TryParse<PhantomReportStyle>(settings.ReportStyle, ignoreCase: true, out var style))
            throw new UserErrorException($"report_style '{settings.ReportStyle}' (expected {string.Join(", ", Enum.GetNames<PhantomReportStyle>().Select(n => n.ToLowerInvariant()))}).");
        var archive = ArchiveOf(settings);
        PhantomArchive.Write(new(settings.Count, settings.Seed, settings.Side, settings.Difficulty, style), archive, false, 0, progress, cancellation);
        return archive;
    }

    private string ArchiveOf(PhantomSettings settings) => Path.Combine(folder, "phantoms", SweepRun.Hash(settings)[..8]);

    private static StudySource Source(DatasetSettings settings, string root)
    {
        var mimic = new MimicOptions(
            settings.Reports, settings.Labels == "truth" ? "none" : settings.Labels, settings.Tables, settings.Frontal, Rooted(settings.Edema, root));
        return settings.Source switch
        {
            "mimic-cxr-jpg" => new MimicCxrJpgSource(root, mimic),
            "mimic-cxr" => new MimicCxrSource(root, mimic),
            "nih-cxr14" => new NihChestXray14Source(root),
            "chexpert" => new CheXpertSource(root),
            _ => throw new UserErrorException($"source '{settings.Source}' (expected mimic-cxr-jpg, mimic-cxr, nih-cxr14 or chexpert; others: prepare them and name the folder as prepared)."),
        };
    }

    private static PreparationOptions Options(DatasetSettings settings, string root, string output) => new(
        output,
        new StudyOptions(
            Split: settings.Split switch { "hash" => SplitRule.Hash, "official" => SplitRule.Official, "auto" => SplitRule.Auto, _ => throw new UserErrorException($"split '{settings.Split}' (expected auto, official or hash).") },
            Fractions: SplitFractions.Parse(settings.Fractions), Seed: settings.SplitSeed,
            ExtraLabels: settings.Labels == "truth" ? [Path.Combine(root, "phantom-truth.csv.gz")] : [], TestPatients: Rooted(settings.TestPatients, root), Limit: settings.Limit),
        settings.ShortSide, settings.Text is { } text ? SectionPolicy.Parse(text) : null, settings.RequireText, Intensity: ImageIntensities.Parse(settings.Intensity));

    /// <summary>{root} stands for the archive's folder: that of drawn phantoms has no name of its own.</summary>
    private static string? Rooted(string? path, string root) => path?.Replace("{root}", root, StringComparison.Ordinal);
}
