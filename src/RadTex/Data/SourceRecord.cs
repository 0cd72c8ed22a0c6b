namespace RadTex.Data;

/// <summary>Where a prepared dataset came from.</summary>
/// <param name="Kind">The source's name, such as <c>mimic-cxr-jpg</c>.</param>
/// <param name="Root">The folder it was read from.</param>
/// <param name="Options">Every option that decides the result, by name.</param>
/// <param name="Tables">The SHA-256 of every table that was read, by path relative to the root.</param>
public sealed record SourceRecord(string Kind, string Root, IReadOnlyDictionary<string, string> Options, IReadOnlyDictionary<string, string> Tables);
