using System.Globalization;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Prediction;

namespace RadTex.Learning.Transfer;

/// <summary>
/// A fine-tuned network on disk: an encoder's folder (<see cref="EncoderFolder"/>) that also holds the files of a transfer with one head, the
/// network's linear layer. Whatever takes an encoder, or an encoder with heads, takes it.
/// </summary>
/// <remarks><c>metrics.json</c>, which says whose encoder the head is for, is written last: a folder without it was cut off.</remarks>
public static class NetworkFolder
{
    /// <summary>What the networks kept by default may take in all.</summary>
    public const long MostBytes = 4L << 30;

    /// <summary>The folder of networks inside a transfer's.</summary>
    public const string Models = "models";

    /// <summary>Where a trial's network lies, relative to the transfer's folder, such as "models/pleural-effusion-n100-trial0".</summary>
    internal static string PathOf(string task, int? examples, int trial)
    {
        var lower = task.ToLowerInvariant().Replace(' ', '-');
        var name = string.Concat(lower.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        // Two labels must not share a folder: one whose name does not say all is told apart by its hash.
        if (name != lower || task.Contains('-', StringComparison.Ordinal) || name.Length > 100)
            name = string.Create(CultureInfo.InvariantCulture, $"{(name.Length > 100 ? name[..100] : name)}-{(uint)TaskData.KeyOf(task):x8}");
        return Path.Combine(Models, $"{name}-n{TransferFiles.Name(examples)}-trial{trial}");
    }

    /// <summary>Writes a network.</summary>
    /// <param name="folder">Where; what is there is replaced.</param>
    /// <param name="network">Trained.</param>
    /// <param name="card">Of its encoder.</param>
    /// <param name="seen">All that encoder and layer learnt from.</param>
    /// <param name="trial">Its figures.</param>
    /// <param name="identity">Of the transfer.</param>
    /// <param name="likeness">What radiographs look like to it, for weights of the hash given; null where there are too few.</param>
    /// <returns>The encoder's hash.</returns>
    internal static string Write(
        string folder, FineTunedNetwork network, EncoderCard card, SeenRadiographs seen, TrialResult trial, TransferIdentity identity,
        Func<string, TrainingLikeness?> likeness)
    {
        OutputFolder.RequireThere(Path.GetFullPath(Path.Combine(folder, "..", "..")));
        try
        {
            Directory.CreateDirectory(folder);
            File.Delete(Path.Combine(folder, TransferLayout.Metrics));
            var sha256 = EncoderFolder.Write(folder, network.Classifier.Encoder, card, seen).WeightsSha256;
            LikenessFile.Write(folder, likeness(sha256));
            TransferFiles.WriteOne(
                folder, trial with { Weights = network.Head() }, identity with { Train = identity.Train with { EncoderSha256 = sha256 } });
            // The folders themselves must be on the disk before the journal says so.
            Posix.FlushDirectory(Path.Combine(folder, ".."));
            Posix.FlushDirectory(Path.Combine(folder, "..", ".."));
            return sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(folder, e); }
    }

    /// <summary>Whether a folder holds this very network, whole.</summary>
    internal static bool Holds(string folder, string encoderSha256)
    {
        if (!File.Exists(Path.Combine(folder, TransferLayout.Metrics)) || !EncoderFolder.IsIn(folder)) return false;
        return TrainedHead.EncoderOf(folder) == encoderSha256 && EncoderFolder.HashOf(folder) == encoderSha256;
    }
}
