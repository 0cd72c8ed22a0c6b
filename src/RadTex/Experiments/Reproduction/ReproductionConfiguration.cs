using System.Text.Json;

namespace RadTex.Experiments.Reproduction;

/// <summary>One file in, the paper's tables and figures out: datasets, protocols, pretrainings and initialisations by name (docs/reproduce.md).</summary>
/// <param name="Name">What the page is called.</param>
/// <param name="Datasets">Where radiographs come from.</param>
/// <param name="Protocols">What is learnt downstream, and on which dataset.</param>
/// <param name="Pretrainings">What encoders are made here.</param>
/// <param name="Initialisations">What is compared, in the order of the tables.</param>
/// <param name="Sweep">Numbers of labels, trials and heads.</param>
/// <param name="Seed">Everything random downstream follows from it.</param>
/// <param name="Statistics">Intervals, subgroups, forecast.</param>
/// <param name="Compute">Processes, threads, types.</param>
public sealed record ReproductionConfiguration(
    string Name, IReadOnlyDictionary<string, DatasetSettings> Datasets, IReadOnlyDictionary<string, ProtocolSettings> Protocols,
    IReadOnlyDictionary<string, PretrainingSettings> Pretrainings, IReadOnlyList<InitialisationSettings> Initialisations, SweepSettings Sweep, long Seed = 0,
    StatisticsSettings? Statistics = null, ComputeSettings? Compute = null)
{
    public StatisticsSettings Statistics { get; init; } = Statistics ?? new();

    public ComputeSettings Compute { get; init; } = Compute ?? new();
}

/// <summary>A dataset: drawn, prepared from an archive, or prepared already.</summary>
/// <param name="Phantoms">Radiographs to draw; null for an archive.</param>
/// <param name="Prepared">A prepared dataset's folder; nothing else is used then.</param>
/// <param name="Source">mimic-cxr-jpg, mimic-cxr, nih-cxr14 or chexpert.</param>
/// <param name="Root">The archive's folder.</param>
/// <param name="ShortSide">Of the prepared radiographs, in pixels.</param>
/// <param name="Split">auto, official or hash.</param>
/// <param name="Fractions">Of a split by hash.</param>
/// <param name="SplitSeed">Of a split by hash.</param>
/// <param name="Labels">MIMIC-CXR: chexpert, negbio or none; of phantoms also truth, what was drawn.</param>
/// <param name="Reports">MIMIC-CXR: the folder of the reports.</param>
/// <param name="Tables">MIMIC-CXR: the folder of the tables.</param>
/// <param name="Frontal">MIMIC-CXR: a list of frontal images.</param>
/// <param name="Edema">MIMIC-CXR: the folder of the edema severity files.</param>
/// <param name="TestPatients">A table whose patients are the test split.</param>
/// <param name="Text">The part of the reports; null for the source's default.</param>
/// <param name="RequireText">Whether radiographs without text are left out; null for the source's default.</param>
/// <param name="Intensity">display, liao or equalised.</param>
/// <param name="Limit">The first so many radiographs; null for all.</param>
public sealed record DatasetSettings(
    PhantomSettings? Phantoms = null, string? Prepared = null, string Source = "mimic-cxr-jpg", string? Root = null, int ShortSide = 256, string Split = "auto",
    string Fractions = "0.8,0.1,0.1", int SplitSeed = 0, string Labels = "chexpert", string? Reports = null, string? Tables = null, string? Frontal = null, string? Edema = null,
    string? TestPatients = null, string? Text = null, bool? RequireText = null, string Intensity = "display", int? Limit = null);

/// <summary>Radiographs to draw. Datasets of equal settings share them.</summary>
public sealed record PhantomSettings(int Count, ulong Seed = 0, int Side = 128, double Difficulty = 0.6, string ReportStyle = "systematic");

/// <summary>A protocol to run.</summary>
/// <param name="Dataset">The dataset it is run on.</param>
/// <param name="Protocol">A known protocol; null for one of <paramref name="Labels"/> alone.</param>
/// <param name="Labels">Some of the protocol's labels, or labels of one's own.</param>
public sealed record ProtocolSettings(string Dataset, string? Protocol = null, IReadOnlyList<string>? Labels = null);

/// <summary>Encoders to make.</summary>
/// <param name="Dataset">A dataset's name, or "protocol": made for each protocol on its own dataset's training split, as the paper does.</param>
/// <param name="Preset">A preset of 'radtex pretrain'.</param>
/// <param name="Set">What differs from it, such as "training.epochs=4".</param>
/// <param name="Labels">Learn from these labels in place of reports; ["all"] for every one.</param>
/// <param name="Fraction">The part of the training patients.</param>
/// <param name="Directions">both, or forward.</param>
/// <param name="Repeats">How many, each of a further seed: trial i takes the i-th.</param>
/// <param name="Vocabulary">A vocabulary file; null for one built from the training split.</param>
/// <param name="Seed">Of the first repeat.</param>
public sealed record PretrainingSettings(
    string Dataset = "protocol", string Preset = "paper", IReadOnlyList<string>? Set = null, IReadOnlyList<string>? Labels = null, double Fraction = 1, string Directions = "both",
    int Repeats = 5, string? Vocabulary = null, long Seed = 0);

/// <summary>A line of the tables.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Mode">frozen or fine-tune.</param>
/// <param name="Encoder">An encoder's folder, or random:NAME[:WIDTH].</param>
/// <param name="Pretraining">One of the pretrainings, in place of <paramref name="Encoder"/>. With neither the row says "n/a: no weights given".</param>
/// <param name="PaperRow">The row of the paper's Table 1 it stands beside: random, imagenet, cxr14, radtex-frozen, radtex-unfrozen.</param>
/// <param name="Role">radtex (the claims are about the first of these), supervised, random, part (Figure 3), or ablation.</param>
/// <param name="Rate">The highest rate; null for the paper's.</param>
/// <param name="Epochs">Null for the paper's.</param>
/// <param name="Optimizer">sgd (the paper) or adamw.</param>
/// <param name="Batch">Radiographs an update.</param>
/// <param name="Examples">Numbers of labels for this row, "all" among them; null for the sweep's.</param>
/// <param name="Trials">Null for the sweep's.</param>
/// <param name="Candidates">Optimisers and rates to choose among on validation data, such as "sgd:0.02".</param>
/// <param name="Batches">Further batches for the paper's head.</param>
/// <param name="Controls">Negative controls beside it.</param>
/// <param name="Protocols">Only under these protocols; null for all.</param>
public sealed record InitialisationSettings(
    string Name, string Mode = "frozen", string? Encoder = null, string? Pretraining = null, string? PaperRow = null, string Role = "ablation", double? Rate = null, int? Epochs = null,
    string Optimizer = "sgd", int Batch = 128, IReadOnlyList<JsonElement>? Examples = null, int? Trials = null, IReadOnlyList<string>? Candidates = null,
    IReadOnlyList<int>? Batches = null, bool Controls = false, IReadOnlyList<string>? Protocols = null);

/// <summary>What all rows share.</summary>
/// <param name="Examples">Numbers of labels, "all" among them.</param>
/// <param name="Trials">Independent draws.</param>
/// <param name="Views">Augmented views for the paper's frozen head.</param>
/// <param name="Degrees">Rotation of training views.</param>
/// <param name="Translate">Shift of training views.</param>
public sealed record SweepSettings(IReadOnlyList<JsonElement> Examples, int Trials = 5, int Views = 0, double Degrees = 20, double Translate = 0.1);

/// <summary>What is computed from the runs.</summary>
/// <param name="Resamples">Of every bootstrap.</param>
/// <param name="Sensitivity">Of the operating point.</param>
/// <param name="Groups">A table of patients or images with sex and age; {NAME} in it is the archive's folder of the dataset NAME. Null for none.</param>
/// <param name="Figure3">Numbers of labels of Figure 3.</param>
/// <param name="Forecast">Numbers of labels to forecast; null for two and ten times the most.</param>
public sealed record StatisticsSettings(int Resamples = 1_000, double Sensitivity = 0.9, string? Groups = null, IReadOnlyList<int>? Figure3 = null, IReadOnlyList<int>? Forecast = null)
{
    public IReadOnlyList<int> Figure3 { get; init; } = Figure3 ?? [10_000, 1_000, 100];
}

/// <summary>How it is computed; changes no figure but by rounding.</summary>
/// <param name="PretrainingProcesses">Pretrainings side by side, each a process.</param>
/// <param name="PretrainingThreads">Torch's threads in each.</param>
/// <param name="Workers">Networks fine-tuned side by side.</param>
/// <param name="Precision">auto, bf16 or fp32, downstream.</param>
/// <param name="Device">cpu, cuda or cuda:i.</param>
/// <param name="EvaluationBatch">Radiographs a forward pass.</param>
public sealed record ComputeSettings(int PretrainingProcesses = 1, int PretrainingThreads = 0, int Workers = 1, string Precision = "auto", string Device = "cpu", int EvaluationBatch = 64);
