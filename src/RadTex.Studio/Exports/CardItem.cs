namespace RadTex.Studio.Exports;

/// <summary>A line of a model card.</summary>
/// <param name="Name">What it tells.</param>
/// <param name="Reporting">The items of reporting guidelines it answers, where their numbers were held against a published list.</param>
/// <param name="Text">The answer.</param>
public sealed record CardItem(string Name, string Reporting, string Text);
