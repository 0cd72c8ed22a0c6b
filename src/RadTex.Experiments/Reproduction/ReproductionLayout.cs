using RadTex.Experiments.Sweeps;

namespace RadTex.Experiments.Reproduction;

/// <summary>The names of a reproduction's files in its folder; tables and figures lie beside them under names of their own.</summary>
/// <param name="Folder">Where everything goes.</param>
public sealed record ReproductionLayout(string Folder)
{
    /// <summary>The name of <see cref="Results"/>.</summary>
    internal const string ResultsName = SweepLayout.Results;

    private const int KeyLength = 8;

    /// <summary>The page.</summary>
    public string Report => Path.Combine(Folder, "report.html");

    /// <summary>A row a classifier.</summary>
    public string Results => Path.Combine(Folder, ResultsName);

    /// <summary>All that was computed from them.</summary>
    public string Figures => Path.Combine(Folder, "results.json");

    /// <summary>What is run, every setting written out.</summary>
    public string Configuration => Path.Combine(Folder, "config.resolved.json");

    /// <summary>What was told while it ran, of every call.</summary>
    public string Log => Path.Combine(Folder, "log.txt");

    /// <summary>Drawn radiographs, by a hash of what they follow from.</summary>
    internal string Archive(PhantomSettings settings) => Path.Combine(Folder, "phantoms", ProvenanceKey.Of(settings)[..KeyLength]);

    /// <summary>A dataset that is prepared here, by a hash of its settings, so that changed ones make another.</summary>
    internal string Dataset(string name, DatasetSettings settings) =>
        Path.Combine(Folder, "datasets", $"{name}-{ProvenanceKey.Of(settings with { Expected = null })[..KeyLength]}");

    /// <summary>A pretraining's run.</summary>
    /// <param name="name">Of the repeat.</param>
    /// <param name="key">A hash of all it depends on.</param>
    internal string Pretraining(string name, string key) => Path.Combine(Folder, "pretraining", $"{name}-{key[..KeyLength]}");
}
