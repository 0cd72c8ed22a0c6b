namespace RadTex.Experiments;

/// <summary>The names of a quickstart's files in its folder.</summary>
/// <param name="Folder">Where everything goes.</param>
public sealed record QuickstartLayout(string Folder)
{
    /// <summary>The page to read.</summary>
    public string Report => Path.Combine(Folder, "report.html");

    /// <summary>All figures.</summary>
    public string Results => Path.Combine(Folder, "results.json");

    /// <summary>The curve over labels without its ending: <c>.svg</c>, and <c>.png</c> where libvips draws one.</summary>
    public string Curve => Path.Combine(Folder, "curve");

    /// <summary>The run of the pretraining on reports.</summary>
    public string Run => Path.Combine(Folder, "run");

    /// <summary>The run of the pretraining on labels.</summary>
    public string SupervisedRun => Path.Combine(Folder, "run-supervised");

    /// <summary>Drawn radiographs.</summary>
    internal string Archive(string name) => Path.Combine(Folder, $"{name}-phantoms");

    /// <summary>The same, prepared.</summary>
    internal string Dataset(string name) => Path.Combine(Folder, $"{name}-dataset");

    /// <summary>An initialisation's heads or networks.</summary>
    internal string Transfer(string name) => Path.Combine(Folder, $"transfer-{name}");
}
