using RadTex.Data;
using RadTex.Files;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using RadTex.Studies;
using RadTex.Studio.Labelling;
using RadTex.Studio.Pictures;
using RadTex.Studio.Projects;

namespace RadTex.Studio;

/// <summary>A studio at work: a dataset's training radiographs, the project, and the encoder whose features come in behind.</summary>
public sealed class Workplace : IDisposable
{
    private const string FeatureEnding = ".features";

    // A curve is some two hundred fits: the reading room's is made anew when this many labels have come.
    private const int LabelsACurve = 10;

    // One processor is left to the reader, who must not wait for features that are made behind.
    private static readonly int FeatureThreads = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly int[] rows; // the pool's rows in the dataset
    private readonly OnnxModel? model;
    private readonly IReadOnlyList<double>? prior;
    private readonly Lazy<ClassMapModel> maps;
    private readonly Lazy<Dictionary<string, string>> byId; // pictures by image id
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock mapping = new();
    private readonly Dictionary<string, MadeCurve> curves = [];
    private Task making = Task.CompletedTask;

    private Workplace(StudioOptions options, PreparedDataset dataset, ProjectFile project, ProjectSettings settings, OnnxModel? model)
    {
        (Options, Dataset, Project, this.model) = (options, dataset, project, model);
        int[] training = [.. dataset.IndicesOf(Split.Train)];
        var hashes = new string[training.Length];
        Parallel.For(0, training.Length, i => hashes[i] = Originals.HashOf(dataset, training[i]));
        // Equal pictures are asked once.
        int[] first = [.. Enumerable.Range(0, training.Length).DistinctBy(i => hashes[i])];
        rows = [.. first.Select(i => training[i])];
        Pool = new([.. first.Select(i => hashes[i])], [.. rows.Select(r => dataset[r].PatientId)]);
        Twice = training.Length - first.Length;
        Session = new(project, settings, Pool);
        prior = options.Prior is null ? null : ScoreTable.Read(options.Prior, [.. rows.Select(r => dataset[r])], settings.Findings[0]);
        Originals = new(dataset, options.Originals);
        byId = new(() => rows.Select((row, i) => (dataset[row].ImageId, Pool.Hashes[i])).ToDictionary());
        maps = new(() => ClassMapModel.Open(options.Encoder!));
    }

    /// <summary>What it was opened with.</summary>
    public StudioOptions Options { get; }

    /// <summary>The radiographs, opened for reading; released with the workplace.</summary>
    public PreparedDataset Dataset { get; }

    /// <summary>The file of events; released with the workplace.</summary>
    public ProjectFile Project { get; }

    /// <summary>What is asked next and what was answered.</summary>
    public LabelSession Session { get; }

    /// <summary>The training radiographs that are asked about, each once, and their features once these are made.</summary>
    public PicturePool Pool { get; }

    /// <summary>The pictures at full size, as a reader sees them.</summary>
    public Originals Originals { get; }

    /// <summary>Training radiographs that are equal to another one and are left out.</summary>
    public int Twice { get; }

    /// <summary>The encoder; null for none.</summary>
    public ModelNotes? Encoder => model?.Notes;

    /// <summary>How far the features are; null where there is no encoder, or they are there.</summary>
    public ProgressReport? MakingFeatures { get; private set; }

    /// <summary>Why there are no features; null where nothing is wrong.</summary>
    public string? FeatureFault { get; private set; }

    /// <summary>Opens the dataset, and makes the project or goes on with it.</summary>
    /// <exception cref="UserErrorException">The dataset, the encoder and the project do not fit each other, or one of them cannot be
    /// read.</exception>
    public static Workplace Open(StudioOptions options)
    {
        PreparedDataset? dataset = null;
        OnnxModel? model = null;
        ProjectFile? project = null;
        try
        {
            dataset = PreparedDataset.Open(options.Dataset);
            RequirePool(dataset, options.Dataset);
            model = options.Encoder is null ? null : OnnxModel.Open(options.Encoder, FeatureThreads);
            var encoder = model?.Notes.Encoder.WeightsSha256 ?? "";
            bool isThere = File.Exists(options.Project);
            if (options.Prior is not null && !File.Exists(options.Prior))
                throw new UserErrorException($"{options.Prior} does not exist. Expected a table of scores; check the path.");
            if (options.Prior is not null && options.Findings.Count > 1)
                throw new UserErrorException("Scores are of one finding, and several are asked. Expected one in the setting 'labels'.");
            if (!isThere && options.Findings.Count == 0)
                throw new UserErrorException("What is to be labelled? Expected the setting 'labels', such as Edema.");
            var asked = new ProjectSettings(
                options.Findings, options.Classes, dataset.Hash, encoder, options.Policy, options.Seed, dataset.Manifest.Synthetic)
            {
                SharedShare = options.SharedShare,
                Readers = options.Readers,
                Together = options.Together,
                SoftLabels = options.SoftLabels,
                PriorSha256 = options.Prior is null ? "" : FileHash.Sha256(options.Prior),
            };
            var policy = Selection.SelectionPolicies.Of(options.Policy);
            if (options.Prior is not null && !isThere && !Selection.SelectionPolicies.UsesPrior(policy))
                throw new UserErrorException(
                    $"Scores known before any label balance typical picks, and the policy '{options.Policy}' makes none. Expected staged, "
                        + "typical or tcm in the setting 'policy', or no scores.");
            project = isThere ? ProjectFile.Open(options.Project) : ProjectFile.Create(options.Project, asked.ToJson());
            var settings = ProjectSettings.Parse(project.Events[0].Note, options.Project);
            Require(settings, asked, options);
            return new(options, dataset, project, settings, model);
        }
        catch
        {
            project?.Dispose();
            model?.Dispose();
            dataset?.Dispose();
            throw;
        }
    }

    /// <summary>Begins to make the features, beside the reading.</summary>
    /// <param name="progress">Told how far they are.</param>
    public void StartFeatures(IProgress<ProgressReport>? progress = null)
    {
        if (model is null) return;
        MakingFeatures = new("features", 0, rows.Length, "radiographs");
        making = OwnThread.RunAsync(() =>
        {
            try
            {
                var told = new Reporter(report =>
                {
                    MakingFeatures = report;
                    progress?.Report(report);
                });
                Pool.Take(PoolFeatures.Make(model, Dataset, rows, Options.Project + FeatureEnding, told, stopping.Token), prior);
            }
            catch (OperationCanceledException) { }
            catch (Exception e) when (e is UserErrorException or IOException) { FeatureFault = e.Message; }
            MakingFeatures = null;
        });
    }

    /// <summary>A message without the paths it may name: pages show none.</summary>
    internal string WithoutPaths(string message)
    {
        (string? Path, string Words)[] known =
        [
            (Path.GetFullPath(Options.Project), "the project"), (Options.Project, "the project"), (Options.Encoder, "the encoder's file"),
            (Path.GetFullPath(Options.Dataset), "the dataset"), (Options.Dataset, "the dataset"), (Options.Originals, "the folder of originals"),
        ];
        foreach (var (path, words) in known)
            if (path is { Length: > 1 }) message = message.Replace(path, words, StringComparison.Ordinal);
        return message;
    }

    /// <summary>Takes features that were made before, of more rows than the project's.</summary>
    /// <param name="all">Of the dataset by this encoder.</param>
    internal void TakeFeatures(Heads.RadiographFeatures all)
    {
        var at = all.Radiographs.Select((r, i) => (r.Index, i)).ToDictionary();
        var own = all.Select(rows.Select(r => at[r]));
        Pool.Take(own, prior);
    }

    /// <summary>Waits until the features are there, or there is a reason why not.</summary>
    public Task FeaturesAsync() => making;

    /// <summary>A picture's row in the dataset.</summary>
    /// <exception cref="UserErrorException">It is none of this project.</exception>
    public PreparedRadiograph RadiographOf(string picture) => Dataset[rows[Pool.RowOf(picture)]];

    /// <summary>The picture of an image id; null where it is none that is asked here.</summary>
    internal string? PictureOf(string imageId) => byId.Value.GetValueOrDefault(imageId);

    /// <summary>The row in the dataset of an image id.</summary>
    internal int RowOf(string imageId) => rows.First(r => Dataset[r].ImageId == imageId);

    /// <summary>The curve of a finding's present labels; null while it is being made, which is begun by asking.</summary>
    public ReserveCurve? Curve(string finding) => CurveOf(finding, 1).Present;

    /// <summary>The last curve of a finding that was finished, of a few labels less maybe; null while there is none.</summary>
    internal ReserveCurve? LastCurve(string finding) => CurveOf(finding, LabelsACurve).Last;

    /// <summary>
    /// A curve is begun where so many labels have come or gone since the last, or features have come; where some may be missing, never a second one
    /// beside one in the making.
    /// </summary>
    private MadeCurve CurveOf(string finding, int change)
    {
        int labels = Session.Read(b => b.Labelled(finding).Count);
        bool hasFeatures = Pool.Features is not null;
        lock (curves)
        {
            var known = curves.GetValueOrDefault(finding);
            bool isOld = known is not null && (known.HadFeatures != hasFeatures || Math.Abs(known.Labels - labels) >= change);
            if (known is null || isOld && (change == 1 || known.Making.IsCompleted))
                curves[finding] = known = new(
                    labels, hasFeatures, OwnThread.RunAsync(() => Session.Curve(finding, stopping.Token)), known?.Last);
            return known;
        }
    }

    /// <summary>The exact map of the present head on a picture; null where there is no head.</summary>
    public ClassMap? Map(string finding, string picture)
    {
        if (model is null || Session.Head(finding) is not { Weights.Outputs: 1 } head) return null;
        using var batch = new InputPipeline(Dataset.Preparation, model.Input).Rows(Dataset, [RadiographOf(picture).Index]);
        lock (mapping) return maps.Value.Run(batch.Images, head.Weights);
    }

    /// <summary>Stops the making of features and waits for it, then closes project and dataset.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        making.GetAwaiter().GetResult();
        if (maps.IsValueCreated) maps.Value.Dispose();
        model?.Dispose();
        Project.Dispose();
        Originals.Dispose();
        Dataset.Dispose();
        stopping.Dispose();
    }

    /// <exception cref="UserErrorException">Too few radiographs or patients to label.</exception>
    internal static void RequirePool(PreparedDataset dataset, string path)
    {
        var training = dataset.IndicesOf(Split.Train);
        if (training.Count < 2)
            throw new UserErrorException($"{path} has {training.Count} training radiographs. Expected some to label.");
        if (training.Select(i => dataset[i].PatientId).Distinct().Count() < 2)
            throw new UserErrorException(
                $"All training radiographs of {path} are one patient's, so that no figure could be measured on others. Of a folder, "
                    + "what DICOM files say or the first subfolder is taken for the patient: expected the setting 'patient-pattern' "
                    + "where it is not.");
    }

    private static void Require(ProjectSettings found, ProjectSettings asked, StudioOptions options)
    {
        string Wrong(string what, string is_, string was) =>
            $"{options.Project} was made for {what} {was}; found {is_}. Go on with the same one, or name a new project.";
        if (found.DatasetHash != asked.DatasetHash)
            throw new UserErrorException(Wrong("a dataset of hash", asked.DatasetHash, found.DatasetHash));
        if (found.EncoderSha256 != asked.EncoderSha256)
            throw new UserErrorException(Wrong("an encoder of SHA-256", Named(asked.EncoderSha256), Named(found.EncoderSha256)));
        if (asked.PriorSha256.Length > 0 && found.PriorSha256 != asked.PriorSha256)
            throw new UserErrorException(Wrong("scores of SHA-256", asked.PriorSha256, Named(found.PriorSha256)));
        if (asked.Findings.Count > 0 && !found.Findings.SequenceEqual(asked.Findings))
            throw new UserErrorException(Wrong("the labels", string.Join(", ", asked.Findings), string.Join(", ", found.Findings)));
        if (asked.Findings.Count > 0 && found.Classes != asked.Classes)
            throw new UserErrorException(
                $"{options.Project} asks for {found.Classes} classes; found {asked.Classes}. Name a new project for others.");
    }

    private static string Named(string hash) => hash.Length == 0 ? "(none)" : hash;

    /// <summary>A curve, made or in the making.</summary>
    /// <param name="Labels">How many labels there were.</param>
    /// <param name="HadFeatures">Whether there were features.</param>
    /// <param name="Making">Its making.</param>
    /// <param name="Before">The one that was finished before; null for none.</param>
    private sealed record MadeCurve(int Labels, bool HadFeatures, Task<ReserveCurve> Making, ReserveCurve? Before)
    {
        internal ReserveCurve? Present => Making.IsCompletedSuccessfully ? Making.Result : null;

        internal ReserveCurve? Last => Present ?? Before;
    }

    private sealed class Reporter(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }
}
