namespace RadTex.Studio.Labelling;

/// <summary>A label that came from a file.</summary>
/// <param name="Reader">Whose it is there, as a handle.</param>
/// <param name="Answer">What it says.</param>
/// <param name="Event">The event that brought it.</param>
internal sealed record ImportedLabel(string Reader, Answer Answer, long Event);
