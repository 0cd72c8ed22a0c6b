using RadTex.Gating;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Prediction;

namespace RadTex.Learning.Transfer;

/// <summary>Which networks of a fine-tuning are written to the disk, and what stands beside their weights.</summary>
/// <param name="inputs">What the networks are made of.</param>
internal sealed class NetworkKeeping(FineTuningInputs inputs)
{
    private readonly FineTuningOptions options = inputs.Options;
    private readonly TransferPlan plan = inputs.Plan;

    /// <summary>The folder that a trial's network is written to; null where it is not kept.</summary>
    internal string? FolderOf(FineTuningCell cell, int trial) =>
        Keeps(cell, trial) ? Path.Combine(options.Output, NetworkFolder.PathOf(cell.Name, cell.Examples, trial)) : null;

    /// <summary>Writes a network.</summary>
    internal void Write(string folder, FineTunedNetwork network, FineTuningCell cell, NetworkJob job, TrialResult tested)
    {
        var (start, dataset) = (job.Start, job.Examples.Dataset);
        IEnumerable<int> learnt = job.Examples.Indices;
        if (inputs.Validation is { } validation) learnt = learnt.Concat(validation.Indices[cell.Task]); // the recipe was chosen on them
        var card = start.Card with
        {
            Provenance = $"{start.Card.Provenance}; fine-tuned on {tested.Count:N0} radiographs labelled {tested.Task} of the dataset "
                + $"{dataset.Hash[..12]}, {(job.Recipe is PaperRecipe paper ? paper.Name : "the practical recipe")}, {job.Recipe.Epochs} epochs",
            Synthetic = start.Card.Synthetic || dataset.Manifest.Synthetic,
            Intensity = dataset.Manifest.Intensity,
            ShortSide = dataset.ShortSide,
            Polarity = EncoderCard.PolarityOf(dataset.Manifest.Intensity),
        };
        // Of the whole split, labelled or not: what the encoder was before tells nothing of its features now.
        var sample = EncoderLikeness.Measure(network.Classifier.Encoder, dataset, inputs.Pools.Train.Indices, start.Input());
        TrainingLikeness? Likeness(string sha256) =>
            sample is null ? null : TrainingLikeness.Learn(sample, EncoderLikeness.SourceOf(dataset), sha256);
        var seen = start.Seen.With(SeenRadiographs.Of(dataset, [.. learnt.Distinct()], SeenRadiographs.Labels));
        var written = NetworkFolder.Write(folder, network, card, seen, tested, inputs.Identity, Likeness);
        if (written != tested.FineTuned!.EncoderSha256)
            throw new InvalidOperationException($"{folder} has weights {written}, tested were {tested.FineTuned.EncoderSha256}");
    }

    /// <summary>What is kept, in words.</summary>
    /// <param name="isTrained">Whether a trial's network did not diverge.</param>
    internal IEnumerable<string> Notes(Func<FineTuningCell, int, bool> isTrained)
    {
        if (options.IsShared) yield break; // a sweep's own folder
        if (options.Keep == KeptNetworks.None)
        {
            yield return "No network is kept, so that none can be exported or predict.";
            yield break;
        }
        int count = inputs.Cells.Sum(cell => inputs.Trials.Count(trial => Keeps(cell, trial) && isTrained(cell, trial)));
        var few = options.Keep == KeptNetworks.Largest && MostTrials < plan.Trials
            ? $" Of {plan.Trials} trials the first {MostTrials}, since all would take more than {NetworkFolder.MostBytes / 1e9:N1} GB; keep all to "
                + "have them."
            : "";
        yield return $"{count:N0} networks are kept in {NetworkFolder.Models}/, {BytesEach / 1e6:N1} MB "
            + $"each{(options.Keep == KeptNetworks.All ? "" : ": each label's largest N")}.{few}";
    }

    private bool Keeps(FineTuningCell cell, int trial) => options.Keep switch
    {
        KeptNetworks.All => true,
        KeptNetworks.None => false,
        _ => trial - plan.FirstTrial < MostTrials && cell.Count == plan.Examples.Max(n => n ?? cell.Data.Train.Rows.Length),
    };

    /// <summary>Trials whose networks fit into what the kept ones may take, the first at least.</summary>
    private int MostTrials => (int)Math.Clamp(NetworkFolder.MostBytes / (BytesEach * inputs.Tasks.Count), 1, plan.Trials);

    private long BytesEach => ModuleWeights.Of(inputs.Starts[0].Encoder).Sum(w => w.Tensor.numel() * w.Tensor.element_size());
}
