using System.Text.Json;

namespace RadTex.Experiments.Reproduction;

/// <summary>A part of a configuration that is run by itself: what an earlier stage made is found done. Without a stage everything is run and told
/// together.</summary>
/// <param name="Initialisations">Only these rows; null for all.</param>
/// <param name="Protocols">Only these protocols; null for all.</param>
/// <param name="Examples">Only these numbers of labels; null for all. Draws depend on the smallest of all, which every stage must keep.</param>
public sealed record StageSettings(IReadOnlyList<string>? Initialisations = null, IReadOnlyList<string>? Protocols = null,
    IReadOnlyList<JsonElement>? Examples = null);
