namespace RadTex.Learning.Pretraining;

/// <summary>
/// Every objective of pretraining by name. Another assembly adds its own with <see cref="Register"/>, before it reads a configuration that names it.
/// Safe from any thread.
/// </summary>
public static class Objectives
{
    private static readonly Lock Adding = new();

    private static IReadOnlyList<PretrainingObjective> entries =
    [
        new CaptioningObjective(),
        new LabelsObjective(),
        new ContrastiveObjective(),
        new MaskedWordsObjective(),
    ];

    /// <summary>The names that a configuration may give.</summary>
    public static IReadOnlyList<string> Names => [.. entries.Select(e => e.Name)];

    /// <summary>The objective of a name with its defaults; null where there is none.</summary>
    public static PretrainingObjective? Find(string? name) => entries.FirstOrDefault(e => e.Name == name);

    /// <summary>Adds an objective, with its defaults, for the life of the process.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static void Register(PretrainingObjective defaults)
    {
        lock (Adding)
        {
            if (Find(defaults.Name) is not null)
                throw new ArgumentException($"An objective named '{defaults.Name}' is registered already.", nameof(defaults));
            entries = [.. entries, defaults];
        }
    }
}
