using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>Puts weights into a module by name. Every name and shape must agree: torch itself would broadcast and skip silently.</summary>
public static class ModuleWeights
{
    /// <summary>All parameters and buffers of a module, each once, in its own order.</summary>
    public static IReadOnlyList<(string Name, Tensor Tensor)> Of(nn.Module module) =>
        [.. module.named_parameters().Select(p => (Name: p.name, Tensor: (Tensor)p.parameter)).Concat(
            module.named_buffers().Select(b => (Name: b.name, Tensor: b.buffer))).DistinctBy(w => w.Tensor.Handle)];

    /// <summary>Copies weights into a module of the same names and shapes.</summary>
    /// <param name="module">Filled; left untouched where the weights do not fit.</param>
    /// <param name="weights">Values by name.</param>
    /// <param name="source">Where they come from, for the message.</param>
    /// <exception cref="UserErrorException">A name is missing or too many, a shape differs, or a value is not finite; the message lists
    /// them.</exception>
    public static void Load(nn.Module module, IReadOnlyDictionary<string, Tensor> weights, string source)
    {
        var own = Of(module);
        var names = own.Select(t => t.Name).ToHashSet();
        string[] faults =
        [
            .. own.Where(t => !weights.ContainsKey(t.Name)).Select(t => $"{t.Name} is missing"),
            .. weights.Keys.Where(name => !names.Contains(name)).Select(name => $"{name} is not part of the model"),
            .. own.Where(t => weights.TryGetValue(t.Name, out var value) && !value.shape.SequenceEqual(t.Tensor.shape))
                .Select(t => $"{t.Name} is {Shape(weights[t.Name])}, expected {Shape(t.Tensor)}"),
        ];
        if (faults.Length > 0)
            throw new UserErrorException(
                $"The weights of {source} are of another model ({faults.Length} differences): "
                    + $"{string.Join("; ", faults.Take(8))}{(faults.Length > 8 ? "; ..." : "")}.");
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        string[] notFinite = [.. own.Select(t => t.Name).Where(n => weights[n].is_floating_point() && !weights[n].isfinite().all().item<bool>())];
        if (notFinite.Length > 0)
            throw new UserErrorException(
                $"The weights of {source} hold NaN or infinity in {string.Join(", ", notFinite.Take(8))}"
                + $"{(notFinite.Length > 8 ? $" and {notFinite.Length - 8} more" : "")}. Expected finite numbers: fetch the file "
                + "again, or take an earlier checkpoint.");
        foreach (var (name, tensor) in own) tensor.copy_(weights[name]);
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(",", tensor.shape)}]";
}
