namespace RadTex.Service.Models;

/// <summary>The models that the rules name, open.</summary>
internal sealed class ModelShelf : IDisposable
{
    private readonly Dictionary<string, ServedModel> models = [];

    /// <exception cref="UserErrorException">A model cannot be opened.</exception>
    internal ModelShelf(ModelRegistry registry, RuleBook rules)
    {
        try
        {
            var registered = registry.Models;
            foreach (var name in rules.Names) models[name] = new(name, registry.PathOf(registered[name].Current));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal IEnumerable<ServedModel> All => models.Values;

    internal ServedModel? Find(string name) => models.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (var model in models.Values) model.Dispose();
    }
}
