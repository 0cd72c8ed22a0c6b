using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>
/// What tells probabilities: an encoder with heads, or several fine-tuned networks, each with its own head. An ensemble tells of each label the mean
/// of its members' probabilities (Lakshminarayanan et al. 2017): defined also where a member rules a class out, and no member outweighs others by
/// being sure.
/// </summary>
/// <param name="Networks">At least one; disposed of with this.</param>
/// <param name="IsEnsemble">Whether heads that tell the same label are averaged.</param>
public sealed record TrainedClassifier(IReadOnlyList<TrainedNetwork> Networks, bool IsEnsemble = false) : IDisposable
{
    /// <summary>Whether there is anything but one encoder with its heads side by side.</summary>
    public bool IsComposed => IsEnsemble || Networks.Count > 1;

    /// <summary>Whether any head is there; without, it is an encoder alone.</summary>
    public bool HasHeads => Networks.Any(n => n.Heads.Count > 0);

    /// <summary>The one encoder with its heads.</summary>
    /// <exception cref="UserErrorException">There is more: the message says what <paramref name="purpose"/> takes.</exception>
    public TrainedNetwork Single(string purpose) => !IsComposed ? Networks[0]
        : throw new UserErrorException(
            $"{purpose} takes one network and its heads side by side, not "
                + $"{(IsEnsemble ? "an ensemble" : $"{Networks.Count} networks")}. Name one head, or write .onnx in float32.");

    /// <summary>Opens what a user names.</summary>
    /// <param name="model">An encoder's folder, a kept network's, that of a fine-tuning transfer, or random:NAME.</param>
    /// <param name="heads">A transfer's folder: heads on this encoder, or networks fine-tuned from it; null: those that lie in
    /// <paramref name="model"/>.</param>
    /// <param name="names">Heads' names; empty: for each label those of the most examples, of them one, or all trials for an ensemble.</param>
    /// <param name="ensemble">Whether trials are averaged.</param>
    /// <exception cref="UserErrorException">No such model or heads, or they do not belong together.</exception>
    public static TrainedClassifier Open(string model, string? heads, IReadOnlyList<string> names, bool ensemble)
    {
        bool isTransfer = TrainedHead.AreIn(model), isEncoder = EncoderFolder.IsIn(model);
        if (heads is null && isTransfer && !isEncoder) return Checked(ReadNetworks(model, names, ensemble, null), ensemble, model);
        var source = EncoderSource.Open(model, 0, 256);
        try
        {
            if ((heads ?? (isTransfer ? model : null)) is not { } folder)
                return names.Count == 0 && !ensemble ? new([new(source, [])])
                    : throw new UserErrorException($"{model} is an encoder without heads. Name the folder of a transfer on it, too.");
            if (source.IsRandom && TrainedHead.AreIn(folder) && !TrainedHead.List(folder).Any(IsFineTuned))
                throw new UserErrorException(
                    "Heads on random weights are controls: their encoder's norms were measured on the radiographs they learnt "
                        + $"from, and {model} knows none. Take heads on a trained encoder.");
            if (EncoderFolder.IsIn(folder) || !TrainedHead.List(folder).All(IsFineTuned))
                return Checked([new(source, TrainedHead.Read(folder, source.Card.WeightsSha256, names, ensemble))], ensemble, folder);
        }
        catch
        {
            source.Dispose();
            throw;
        }
        // The networks began as this encoder, and take its place.
        using (source) return Checked(ReadNetworks(heads!, names, ensemble, source), ensemble, heads!);
    }

    /// <summary>The same without the hashed ids of the patients it learnt from: for what leaves a place whose patients' ids can be guessed.</summary>
    public TrainedClassifier WithoutPatients() => this with
    {
        Networks = [.. Networks.Select(network =>
        {
            network.Source.ForgetPatients();
            return network with { Heads = [.. network.Heads.Select(h => h with { Seen = h.Seen?.WithoutPatients() })] };
        })],
    };

    /// <summary>Releases all its encoders.</summary>
    public void Dispose()
    {
        foreach (var network in Networks) network.Dispose();
    }

    private static bool IsFineTuned(TrainedHead.Entry entry) => entry.Head == HeadKind.FineTuned.Name();

    private static List<TrainedNetwork> ReadNetworks(string folder, IReadOnlyList<string> names, bool ensemble, EncoderSource? start)
    {
        var entries = TrainedHead.List(folder);
        if (!entries.Any(IsFineTuned))
            throw new UserErrorException($"{folder} holds heads on a frozen encoder, not networks. Name the encoder, and this folder as its heads.");
        if (start is not null && entries.All(e => e.InitialSha256 != start.Card.WeightsSha256))
            throw new UserErrorException(
                $"The networks in {folder} were fine-tuned from other encoders than {start.Name}. Leave the encoder out, or "
                    + "name the one they began from.");
        if (names.Count == 0) entries = [.. entries.Where(e => e.Model is not null)];
        var chosen = TrainedHead.Choose(entries, names, ensemble, folder);
        if (chosen.Count == 0 || chosen.Any(e => e.Model is null))
            throw new UserErrorException(
                $"{folder} keeps no network {(names.Count > 0 ? $"of {chosen.First(e => e.Model is null).Name}" : "at all")}: "
                    + "figures alone were asked for, or it diverged. Run the same transfer again and have its networks kept; only "
                    + "those that are missing are trained.");
        var networks = new List<TrainedNetwork>();
        try
        {
            foreach (var entry in chosen)
            {
                var path = PathOf(folder, entry);
                var source = EncoderSource.Open(path, 0, 256);
                networks.Add(new(source, []));
                networks[^1] = new(source, TrainedHead.Read(path, source.Card.WeightsSha256, [entry.Name]));
            }
            return networks;
        }
        catch
        {
            networks.ForEach(n => n.Dispose());
            throw;
        }
    }

    // heads.json may come from anywhere: nothing outside its folder is opened.
    private static string PathOf(string folder, TrainedHead.Entry entry) =>
        entry.Model!.Split('/') is [NetworkFolder.Models, { Length: > 0 } name] && name is not (".." or ".")
            && name.AsSpan().IndexOfAny('\\', '\0') < 0
            ? Path.Combine(folder, NetworkFolder.Models, name)
            : throw new UserErrorException(
                $"{Path.Combine(folder, TransferLayout.HeadList)} names a network outside {NetworkFolder.Models}/ for "
                    + $"{entry.Name}. Copy the folder again.");

    private static TrainedClassifier Checked(IReadOnlyList<TrainedNetwork> networks, bool ensemble, string folder)
    {
        if (ensemble && networks.SelectMany(n => n.Heads).GroupBy(h => h.Task).FirstOrDefault(g => g.Count() < 2) is { } single)
        {
            foreach (var network in networks) network.Dispose();
            throw new UserErrorException(
                $"An ensemble needs two trials or more of each label; {folder} has one of '{single.Key}'. Run the transfer with "
                    + "more trials, or take the one as it is.");
        }
        return new(networks, ensemble);
    }
}
