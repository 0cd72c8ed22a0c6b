using RadTex.Selection;

namespace RadTex.Studio;

/// <summary>What a studio is opened with.</summary>
/// <param name="Dataset">A prepared dataset.</param>
/// <param name="Findings">What is asked of each radiograph; of a project that is there already, none for its own.</param>
/// <param name="Project">The project's file, made where it is not there.</param>
public sealed record StudioOptions(string Dataset, IReadOnlyList<string> Findings, string Project)
{
    /// <summary>An exported encoder; null to gather labels in random order without a model.</summary>
    public string? Encoder { get; init; }

    /// <summary>2 for present and absent, or the number of grades.</summary>
    public int Classes { get; init; } = 2;

    /// <summary>Handles of the readers, never names.</summary>
    public IReadOnlyList<string> Readers { get; init; } = ["reader-1"];

    /// <summary>What chooses pictures outside the reserve.</summary>
    public string Policy { get; init; } = SelectionPolicies.Usual;

    /// <summary>Of reserve, policy, folds and repeats.</summary>
    public ulong Seed { get; init; }

    /// <summary>The share of pictures that every reader is asked, 0 to 1.</summary>
    public double SharedShare { get; init; }

    /// <summary>A table of scores known before any label, which the first picks are balanced by; null for none.</summary>
    public string? Prior { get; init; }

    /// <summary>Whether heads learn from every reader's answer in its share, rather than from what most say.</summary>
    public bool SoftLabels { get; init; }

    /// <summary>Whether a picture stays in view until each finding has its answer.</summary>
    public bool Together { get; init; }

    /// <summary>Where the files lie that the dataset was prepared from; null for where they were.</summary>
    public string? Originals { get; init; }
}
