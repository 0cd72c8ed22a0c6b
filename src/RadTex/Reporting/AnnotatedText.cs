namespace RadTex.Reporting;

/// <summary>A text beside a picture, under a short head.</summary>
/// <param name="Head">What stands above it.</param>
/// <param name="Words">Its words in order.</param>
public sealed record AnnotatedText(string Head, IReadOnlyList<AnnotatedWord> Words);
