using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Imaging;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Text;

namespace RadTex.Experiments.Reproduction;

/// <summary>The datasets of a reproduction: drawn or read from archives, and prepared, each once.</summary>
/// <param name="configuration">Which.</param>
/// <param name="layout">Where they go.</param>
internal sealed class ReproductionData(ReproductionConfiguration configuration, ReproductionLayout layout)
{
    internal ReproductionLayout Layout => layout;

    /// <summary>Where a dataset lies.</summary>
    internal string FolderOf(string name) => configuration.Datasets[name].Prepared ?? layout.Dataset(name, configuration.Datasets[name]);

    /// <summary>Whether any radiograph was drawn.</summary>
    internal bool IsSynthetic() =>
        configuration.Datasets.Keys.Any(name => DatasetManifest.Read(Path.Combine(FolderOf(name), DatasetFiles.Manifest)).Synthetic);

    /// <summary>The table of patients' groups; null where none is asked for.</summary>
    /// <exception cref="UserErrorException">It is not there, or is no such table.</exception>
    internal string? Groups()
    {
        if (configuration.Statistics.Groups is not { } path) return null;
        // {NAME} stands for the archive's folder of the dataset NAME.
        foreach (var (name, settings) in configuration.Datasets)
            path = path.Replace(
                $"{{{name}}}", settings.Phantoms is { } phantoms ? layout.Archive(phantoms) : settings.Root ?? "", StringComparison.Ordinal);
        // A * in the name, as archives have tables of several dates.
        var found = path.Contains('*', StringComparison.Ordinal) ? ArchiveFiles
            .Find(Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".", Path.GetFileName(path)) : path;
        if (!File.Exists(found))
            throw new UserErrorException($"statistics.groups: {path} does not exist. Name a table of patients with sex and age, or null for none.");
        PatientGroups.Read(found);
        return found;
    }

    /// <summary>Finds out what is missing or misspelt before anything is drawn or prepared; what will be drawn is taken to be there.</summary>
    /// <exception cref="UserErrorException">A dataset or table is not there, or a setting is no such value.</exception>
    internal void Check()
    {
        foreach (var (name, settings) in configuration.Datasets)
        {
            if (settings.Prepared is { } prepared)
            {
                if (!File.Exists(Path.Combine(prepared, DatasetFiles.Manifest)))
                    throw new UserErrorException($"datasets.{name}.prepared: {prepared} holds no prepared dataset.");
                continue;
            }
            var root = settings.Phantoms is { } phantoms ? layout.Archive(phantoms) : Root(name, settings);
            Style(settings.Phantoms?.ReportStyle ?? nameof(PhantomReportStyle.Systematic));
            Source(settings, root);
            Options(settings, root, FolderOf(name));
        }
        bool isDrawn = configuration.Datasets
            .Any(d => d.Value.Phantoms is not null && (configuration.Statistics.Groups?.Contains($"{{{d.Key}}}", StringComparison.Ordinal) ?? false));
        if (!isDrawn) Groups();
    }

    /// <summary>Makes what is not there yet.</summary>
    internal void Prepare(ReproductionContext context)
    {
        var (progress, cancellation) = (context.Progress, context.Cancellation);
        foreach (var (name, settings) in configuration.Datasets)
        {
            if (settings.Prepared is not null) continue;
            var root = settings.Phantoms is { } phantoms ? Draw(phantoms, progress, cancellation) : Root(name, settings);
            var output = FolderOf(name);
            Directory.CreateDirectory(Path.GetDirectoryName(output)!);
            var result = DatasetPreparation.Run(Source(settings, root), Options(settings, root, output), null, progress, cancellation);
            DatasetVerifier.Verify(output, progress, cancellation);
            context.Log(
                $"{name}: {result.Manifest.Count:N0} {(result.Manifest.Synthetic ? "synthetic " : "")}radiographs "
                    + $"({string.Join(", ", result.Manifest.Splits.Select(s => $"{s.Key} {s.Value.Radiographs:N0}"))}), "
                    + $"{result.Manifest.Text.WithText:N0} with text");
        }
    }

    private string Draw(PhantomSettings settings, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var archive = layout.Archive(settings);
        PhantomArchive.Write(
            new(settings.Count, settings.Seed, settings.Side, settings.Difficulty, Style(settings.ReportStyle), settings.BalancedByView), archive,
            false, 0, progress, cancellation);
        return archive;
    }

    private static PhantomReportStyle Style(string name) => Enum.TryParse<PhantomReportStyle>(name, ignoreCase: true, out var style) ? style
        : throw new UserErrorException(
            $"report_style '{name}' (expected {string.Join(", ", Enum.GetNames<PhantomReportStyle>().Select(n => n.ToLowerInvariant()))}).");

    private static string Root(string name, DatasetSettings settings) =>
        settings.Root is not { Length: > 0 } root
            ? throw new UserErrorException($"datasets.{name} has no root. Name the archive's folder as datasets.{name}.root.")
        : Directory.Exists(root) || (File.Exists(root) && ArchiveNamed(settings.Source).IsTable) ? root
        : throw new UserErrorException($"datasets.{name}.root: {root} is no folder. Name the archive's folder.");

    private static StudySource Source(DatasetSettings settings, string root)
    {
        var archive = ArchiveNamed(settings.Source);
        var given = new Dictionary<string, string?>
        {
            ["labels"] = settings.Labels == "truth" ? "none" : settings.Labels,
            ["reports"] = settings.Reports,
            ["tables"] = settings.Tables,
            ["frontal"] = settings.Frontal,
            ["edema"] = Rooted(settings.Edema, root),
        };
        return archive.Open(root, given.Where(g => archive.Options.Any(o => o.Name == g.Key)).ToDictionary());
    }

    private static Archive ArchiveNamed(string name) => Archives.Find(name) ?? throw new UserErrorException(
        $"source '{name}' (expected {string.Join(", ", Archives.All.SkipLast(1).Select(a => a.Name))} or {Archives.All[^1].Name}).");

    private static PreparationOptions Options(DatasetSettings settings, string root, string output) => new(
        output,
        new StudyOptions(
            Split: settings.Split switch
            {
                "hash" => SplitRule.Hash,
                "official" => SplitRule.Official,
                "auto" => SplitRule.Auto,
                _ => throw new UserErrorException($"split '{settings.Split}' (expected auto, official or hash).")
            },
            Fractions: SplitFractions.Parse(settings.Fractions), Seed: settings.SplitSeed,
            ExtraLabels: settings.Labels == "truth" ? [Path.Combine(root, PhantomArchive.TruthTable)] : [],
            TestPatients: Rooted(settings.TestPatients, root), Limit: settings.Limit),
        settings.ShortSide, settings.Text is { } text ? SectionPolicy.Parse(text) : null, settings.RequireText,
        Intensity: ImageIntensities.Parse(settings.Intensity));

    /// <summary>{root} stands for the archive's folder: that of drawn phantoms has no name of its own.</summary>
    private static string? Rooted(string? path, string root) => path?.Replace("{root}", root, StringComparison.Ordinal);
}
