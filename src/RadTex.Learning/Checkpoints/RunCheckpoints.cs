using System.Globalization;
using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>
/// The checkpoints of a run, a folder each: <c>model.safetensors</c>, <c>optimizer.safetensors</c> and <c>state.json</c>. A folder is
/// written under another name, flushed and renamed, so that one that bears a final name is whole.
/// </summary>
/// <param name="folder">Holds the checkpoints' folders.</param>
/// <param name="keep">How many are kept, the newest; at least 1.</param>
internal sealed class RunCheckpoints(string folder, int keep)
{
    private const string Prefix = "step-", ModelName = "model.safetensors", OptimizerName = "optimizer.safetensors", StateName = "state.json";

    /// <summary>Writes a checkpoint and deletes the oldest beyond those kept. One that is there already is left.</summary>
    /// <param name="state">Its file hashes are filled in here.</param>
    /// <param name="model">Parameters and buffers.</param>
    /// <param name="optimizer">The optimiser's state.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="UserErrorException">The disk is full or cannot be written; older checkpoints are untouched.</exception>
    public string Save(
        CheckpointState state, IReadOnlyList<(string Name, Tensor Tensor)> model, IReadOnlyList<(string Name, Tensor Tensor)> optimizer)
    {
        var final = Path.Combine(folder, Prefix + state.Step.ToString("D8", CultureInfo.InvariantCulture));
        if (Directory.Exists(final)) return final;
        var temporary = final + AtomicFile.TemporarySuffix;
        try
        {
            Directory.CreateDirectory(temporary);
            SafeTensors.Write(Path.Combine(temporary, ModelName), model);
            SafeTensors.Write(Path.Combine(temporary, OptimizerName), optimizer);
            state = state with
            {
                FileSha256 = new[] { ModelName, OptimizerName }.ToDictionary(name => name, name => FileHash.Sha256(Path.Combine(temporary, name))),
            };
            JsonFile.Write(Path.Combine(temporary, StateName), state);
            Directory.Move(temporary, final);
            Posix.FlushDirectory(folder);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException or UnauthorizedAccessException) throw AtomicFile.Explain(final, e);
            throw;
        }
        foreach (var old in Newest().Skip(keep)) TryDelete(old);
        return final;
    }

    /// <summary>The newest checkpoint whose files are what its state says, or null; what a killed run left half-written is deleted.</summary>
    /// <param name="onDamaged">Told of each newer one that is damaged.</param>
    public (string Folder, CheckpointState State)? Latest(Action<string>? onDamaged = null)
    {
        if (!Directory.Exists(folder)) return null;
        foreach (var rubbish in Directory.GetDirectories(folder, $"{Prefix}*{AtomicFile.TemporarySuffix}")) TryDelete(rubbish);
        foreach (var candidate in Newest())
        {
            if (ReadState(candidate) is { } state) return (candidate, state);
            onDamaged?.Invoke(candidate);
        }
        return null;
    }

    /// <summary>Puts a checkpoint's tensors where they were saved from.</summary>
    /// <exception cref="UserErrorException">Names or shapes differ: it is another model's or optimiser's.</exception>
    public static void Load(string checkpoint, nn.Module model, IEnumerable<(string Name, Tensor Tensor)> optimizer)
    {
        Load(Path.Combine(checkpoint, OptimizerName), (weights, path) => CopyState(weights, [.. optimizer], path));
        Load(Path.Combine(checkpoint, ModelName), (weights, path) => ModuleWeights.Load(model, weights, path));
    }

    private static void Load(string path, Action<Dictionary<string, Tensor>, string> use)
    {
        var (tensors, _) = SafeTensors.Read(path);
        try { use(tensors, path); }
        finally { foreach (var tensor in tensors.Values) tensor.Dispose(); }
    }

    private static void CopyState(Dictionary<string, Tensor> saved, IReadOnlyList<(string Name, Tensor Tensor)> own, string path)
    {
        var odd = own.Where(t => !saved.TryGetValue(t.Name, out var value) || !value.shape.SequenceEqual(t.Tensor.shape)).Select(t => t.Name)
            .Concat(saved.Keys.Except(own.Select(t => t.Name))).ToList();
        if (odd.Count > 0)
            throw new UserErrorException(
                $"{path} is the state of another optimiser: {string.Join(", ", odd)} differ in name or shape. Start a new run.");
        using var _ = no_grad();
        foreach (var (name, tensor) in own) tensor.copy_(saved[name]);
    }

    private IEnumerable<string> Newest() => Directory.GetDirectories(folder, Prefix + "*")
        .Where(path => long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .OrderByDescending(path => long.Parse(Path.GetFileName(path).AsSpan(Prefix.Length), CultureInfo.InvariantCulture));

    private static CheckpointState? ReadState(string checkpoint)
    {
        var state = JsonFile.ReadIfWhole<CheckpointState>(Path.Combine(checkpoint, StateName));
        try
        {
            return state is { FormatVersion: CheckpointState.CurrentFormatVersion, FileSha256: { } hashes }
                && new[] { ModelName, OptimizerName }
                    .All(name => hashes.TryGetValue(name, out var hash) && FileHash.Sha256(Path.Combine(checkpoint, name)) == hash) ? state : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }

    private static void TryDelete(string path)
    {
        try { if (Directory.Exists(path)) Directory.Delete(path, recursive: true); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* deleting old ones must not end a run */ }
    }
}
