namespace RadTex.Studio.Exports;

/// <summary>A part of a model card.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Items">In the order of the page.</param>
public sealed record CardSection(string Title, IReadOnlyList<CardItem> Items);
