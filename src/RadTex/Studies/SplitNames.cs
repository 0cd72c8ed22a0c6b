namespace RadTex.Studies;

/// <summary>The names of the splits in files and options: <c>train</c>, <c>validate</c>, <c>test</c>, as MIMIC-CXR-JPG writes them.</summary>
public static class SplitNames
{
    /// <summary>The three splits: train, validate, test.</summary>
    public static IReadOnlyList<Split> All { get; } = [Split.Train, Split.Validate, Split.Test];

    /// <summary>"train", "validate" or "test".</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no split.</exception>
    public static string Name(this Split split) => split switch
    {
        Split.Train => "train",
        Split.Validate => "validate",
        Split.Test => "test",
        _ => throw new ArgumentOutOfRangeException(nameof(split)),
    };

    /// <summary>
    /// The split of a name; also takes the usual other spellings (training, val, valid, validation, dev, testing). Null for anything else.
    /// </summary>
    public static Split? TryParse(string? name) => name?.Trim().ToUpperInvariant() switch
    {
        "TRAIN" or "TRAINING" => Split.Train,
        "VALIDATE" or "VAL" or "VALID" or "VALIDATION" or "DEV" => Split.Validate,
        "TEST" or "TESTING" => Split.Test,
        _ => null,
    };
}
