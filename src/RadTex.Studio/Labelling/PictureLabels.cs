namespace RadTex.Studio.Labelling;

/// <summary>What one reader said of one finding in one picture.</summary>
/// <param name="First">The first answer, before anything of a model could be seen: what figures and agreement use.</param>
/// <param name="Current">The answer after revisions: what heads learn from.</param>
/// <param name="Event">The event of the first answer.</param>
public sealed record PictureLabels(Answer First, Answer Current, long Event)
{
    /// <summary>Whether the reader was sure.</summary>
    public bool IsSure { get; init; }

    /// <summary>Whether the picture came from the reserve.</summary>
    public bool IsReserve { get; init; }

    /// <summary>The answers when the picture was asked again, blinded.</summary>
    public IReadOnlyList<Answer> Repeats { get; init; } = [];

    /// <summary>Whether one of those was a random repeat rather than a second look at a label that contradicts the head.</summary>
    public bool WasRandomRepeat { get; init; }
}
