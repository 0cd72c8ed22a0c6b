namespace RadTex.Heads;

/// <summary>What a head learns: a label, optionally against another label in place of that label's own negatives.</summary>
/// <param name="Label">The label's name in the training dataset.</param>
/// <param name="Against">Where given, negatives are radiographs on which this label is 1 and <paramref name="Label"/> is not, such as No
/// Finding.</param>
/// <param name="TestLabel">The label's name in the test dataset; null where it is the same.</param>
public sealed record TransferTask(string Label, string? Against = null, string? TestLabel = null)
{
    private const string Separator = " vs ";

    /// <summary>"Pneumonia" or "Pneumonia vs No Finding".</summary>
    public string Name => Against is null ? Label : Label + Separator + Against;

    /// <summary>Reads a name as <see cref="Name"/> writes it.</summary>
    public static TransferTask Parse(string name, string? testLabel = null)
    {
        var parts = name.Split(Separator, StringSplitOptions.TrimEntries);
        return parts switch
        {
            [{ Length: > 0 } label] => new(label, null, testLabel),
            [{ Length: > 0 } label, { Length: > 0 } against] => new(label, against, testLabel),
            _ => throw new UserErrorException($"Label '{name}' is not understood. Expected a label's name, or 'LABEL vs OTHER'."),
        };
    }
}
