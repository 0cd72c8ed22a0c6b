using System.Collections.Concurrent;
using RadTex.Files;

namespace RadTex.Service.Models;

/// <summary>
/// The models that the rules name, open. A name that comes to stand for another file, by <see cref="ModelRegistry.Add"/> or
/// <see cref="ModelRegistry.Use"/>, is taken up between two batches.
/// </summary>
internal sealed class ModelShelf : IDisposable
{
    private readonly ModelRegistry registry;
    private readonly ConcurrentDictionary<string, ServedModel> models = new();
    private readonly List<ServedModel> retired = [];
    private readonly string device;
    private FileStamp? seen;

    /// <param name="registry">Where models are.</param>
    /// <param name="rules">What names the models.</param>
    /// <param name="device">What models compute on.</param>
    /// <exception cref="UserErrorException">A model cannot be opened.</exception>
    internal ModelShelf(ModelRegistry registry, RuleBook rules, string device)
    {
        (this.registry, this.device) = (registry, device);
        try
        {
            seen = registry.Stamp;
            var registered = registry.Models;
            foreach (var name in rules.Names) models[name] = new(name, registry.PathOf(registered[name].Current), device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal IEnumerable<ServedModel> All => models.Values;

    internal ServedModel? Find(string name) => models.GetValueOrDefault(name);

    /// <summary>Takes up what the registry's names stand for now. One that cannot be opened leaves the former in its place.</summary>
    /// <returns>The models that were taken up, and what is wrong with the others.</returns>
    /// <remarks>For one thread, which judges: a model that leaves is closed at the next change, when nobody asks it any more.</remarks>
    internal (IReadOnlyList<ServedModel> Taken, IReadOnlyList<UserErrorException> Faults) Refresh()
    {
        if (registry.Stamp is var stamp && stamp == seen) return ([], []);
        seen = stamp;
        var (taken, faults) = (new List<ServedModel>(), new List<UserErrorException>());
        IReadOnlyDictionary<string, RegisteredModel> registered;
        try { registered = registry.Models; }
        catch (UserErrorException e) { return ([], [e]); }
        foreach (var one in retired) one.Dispose();
        retired.Clear();
        foreach (var former in models.Values.ToArray())
        {
            if (!registered.TryGetValue(former.Name, out var model) || model.Current == former.Sha256) continue;
            try { taken.Add(new(former.Name, registry.PathOf(model.Current), device)); }
            catch (UserErrorException e)
            {
                faults.Add(e);
                continue;
            }
            models[former.Name] = taken[^1];
            retired.Add(former);
        }
        return (taken, faults);
    }

    public void Dispose()
    {
        foreach (var model in models.Values.Concat(retired)) model.Dispose();
    }
}
