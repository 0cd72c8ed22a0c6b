namespace RadTex.Reporting;

/// <summary>A text beside a picture, under a short head.</summary>
public sealed record AnnotatedText(string Head, IReadOnlyList<AnnotatedWord> Words);
