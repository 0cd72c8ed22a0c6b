using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Inspection;

namespace RadTex.Heads;

/// <summary>A head that <c>radtex transfer</c> wrote, ready to be used on other radiographs.</summary>
/// <param name="Name">Such as "Edema/n100/trial0/logistic".</param>
/// <param name="Task">What it tells, such as "Edema".</param>
/// <param name="Examples">Labelled radiographs it learnt from.</param>
/// <param name="Trial">Of the draw.</param>
/// <param name="Kind">How it was trained.</param>
/// <param name="Weights">On raw pooled features.</param>
/// <param name="Threshold">From which probability it calls a radiograph positive; null where it has none.</param>
/// <param name="Seen">What the heads of its folder learnt from; null where that is not known.</param>
/// <param name="Recalibrations">What was done to its logits since, in order; it is in the weights; null for nothing.</param>
/// <param name="Preparation">How the pictures it learnt from became bytes, and so how files are read for it; null for as its encoder's.</param>
public sealed record TrainedHead(
    string Name, string Task, int Examples, int Trial, HeadKind Kind, LinearHead Weights, HeadThreshold? Threshold = null,
    SeenRadiographs? Seen = null,
    IReadOnlyList<HeadRecalibration>? Recalibrations = null, PicturePreparation? Preparation = null)
{
    private const long LargestList = 64 << 20;

    /// <summary>What the radiographs that the heads of its folder learnt from look like to the encoder; null where they were too few.</summary>
    public TrainingLikeness? Likeness { get; init; }

    /// <summary>The classes that get a probability: class 1 of two, else all.</summary>
    public IEnumerable<int> Classes => Weights.Outputs == 1 ? [1] : Enumerable.Range(0, Weights.Outputs);

    /// <summary>What heads make of features [n, F]: [n, K], row by row, the heads' classes one after the other.</summary>
    internal static float[] Probabilities(IReadOnlyList<TrainedHead> heads, float[] features, int count)
    {
        double[][] columns = [.. heads.Select(h => h.Weights.Probabilities(features))];
        return [.. Enumerable.Range(0, count)
            .SelectMany(i => heads.SelectMany((h, k) => columns[k].Skip(i * h.Weights.Outputs).Take(h.Weights.Outputs))).Select(v => (float)v)];
    }

    /// <summary>Reads heads of a transfer's folder.</summary>
    /// <param name="folder">As <c>radtex transfer --out</c> wrote it.</param>
    /// <param name="encoderSha256">Of the encoder they are to be used with: heads of another one are refused.</param>
    /// <param name="names">Which; empty: for each task the one of the most examples, logistic before the paper's, the first trial.</param>
    /// <param name="allTrials">Whether, where no names are given, all trials of the head that would be taken.</param>
    /// <exception cref="UserErrorException">No heads there, none of that name, or heads of another encoder.</exception>
    public static IReadOnlyList<TrainedHead> Read(string folder, string encoderSha256, IReadOnlyList<string> names, bool allTrials = false)
    {
        var entries = List(folder);
        if (EncoderOf(folder) != encoderSha256)
            throw new UserErrorException(
                $"The heads in {folder} were trained on another encoder than this one, whose weights have the SHA-256 "
                    + $"{encoderSha256}. Run the step 'transfer' with this encoder.");
        var chosen = Choose(entries, names, allTrials, folder);
        var seen = SeenRadiographs.Read(folder);
        var likeness = LikenessFile.Read(folder, encoderSha256);
        var weightsPath = Path.Combine(folder, TransferLayout.HeadWeights);
        var weights = HeadWeightsFile.Read(weightsPath, [.. chosen.Select(e => (e.Name, e.Classes, e.Features))]);
        return [.. chosen.Zip(weights, (e, head) => new TrainedHead(
            e.Name, e.Task, e.Count, e.Trial, HeadKinds.Read(e.Head), head
                ?? throw Unfitting(e, weightsPath), e.Threshold, seen, e.Recalibrations, PreparationOf(e, folder))
        {
            Likeness = likeness,
        })];
    }

    /// <summary>Whether a folder is a transfer's.</summary>
    internal static bool AreIn(string folder) => File.Exists(Path.Combine(folder, TransferLayout.HeadList));

    /// <summary>The encoder the heads of a folder are for; of fine-tuned networks, the first one's at the start.</summary>
    internal static string? EncoderOf(string folder) => ReadJson<Sweep>(Path.Combine(folder, TransferLayout.Metrics)).Identity?.Train?.EncoderSha256;

    /// <summary>The heads and networks of a folder.</summary>
    internal static IReadOnlyList<Entry> List(string folder)
    {
        string listPath = Path.Combine(folder, TransferLayout.HeadList), metricsPath = Path.Combine(folder, TransferLayout.Metrics);
        if (!File.Exists(listPath) || !File.Exists(metricsPath))
            throw new UserErrorException(
                $"No heads in {folder}: expected {TransferLayout.HeadList}, {TransferLayout.HeadWeights} and "
                    + $"{TransferLayout.Metrics} there, as the step 'transfer' writes them.");
        return ReadJson<Entry[]>(listPath);
    }

    /// <summary>Those of the names given, or for each task those that are best to use.</summary>
    internal static IReadOnlyList<Entry> Choose(IReadOnlyList<Entry> entries, IReadOnlyList<string> names, bool allTrials, string folder)
    {
        var known = entries.Select(e => e.Name).ToHashSet();
        foreach (var name in names)
            if (!known.Contains(name))
                throw new UserErrorException(
                    $"{Path.Combine(folder, TransferLayout.HeadList)} has no head '{name}'. It has "
                        + $"{string.Join(", ", known.Take(6))}{(known.Count > 6 ? ", ..." : "")}.");
        if (names.Count > 0) return [.. entries.Where(e => names.Contains(e.Name))];
        return [.. entries.GroupBy(e => e.Task).SelectMany(g =>
        {
            var ordered = g.OrderByDescending(e => e.Count).ThenBy(e => e.Head == HeadKind.Logistic.Name() ? 0 : 1).ThenBy(e => e.Trial).ToArray();
            return allTrials ? ordered.Where(e => (e.Count, e.Head) == (ordered[0].Count, ordered[0].Head)) : ordered.Take(1);
        })];
    }

    private static UserErrorException Unfitting(Entry entry, string path) =>
        new($"{path} does not fit {TransferLayout.HeadList} beside it: {entry.Name} is missing or of another shape. Copy the folder again.");

    private static PicturePreparation PreparationOf(Entry entry, string folder) => entry.Preparation?.Validated(1, folder)
        ?? throw new UserErrorException(
            $"{Path.Combine(folder, TransferLayout.HeadList)} does not say at which short side the radiographs were "
                + $"prepared that {entry.Name} learnt from: an earlier version wrote it. "
            + "Run the same transfer into the folder again: it keeps its heads and adds that.");

    private static T ReadJson<T>(string path) where T : class => JsonFile.Read<T>(path, "file of the step 'transfer'", largest: LargestList);

    /// <summary>A line of heads.json.</summary>
    /// <param name="Name">The head's.</param>
    /// <param name="Task">What it tells.</param>
    /// <param name="Count">Labelled radiographs it learnt from.</param>
    /// <param name="Trial">Of the draw.</param>
    /// <param name="Head">How it was trained.</param>
    /// <param name="Classes">C.</param>
    /// <param name="Features">F; null where its weights are not here.</param>
    /// <param name="InitialSha256">Of the encoder that a fine-tuned network began from.</param>
    /// <param name="Model">Where a fine-tuned network lies, relative to the folder; null where it was not kept, and for heads.</param>
    /// <param name="Threshold">From which probability it calls a radiograph positive.</param>
    /// <param name="Recalibrations">What was done to its logits since.</param>
    /// <param name="Preparation">How the pictures it learnt from became bytes.</param>
    internal sealed record Entry(
        string Name, string Task, int Count, int Trial, string Head, int Classes, int? Features, string? InitialSha256 = null, string? Model = null,
        HeadThreshold? Threshold = null, HeadRecalibration[]? Recalibrations = null, PicturePreparation? Preparation = null);

    private sealed record Sweep(Sweep.Of? Identity)
    {
        internal sealed record Of(Features? Train);

        internal sealed record Features(string? EncoderSha256);
    }
}
