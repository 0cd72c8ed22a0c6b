using System.Text.Json.Serialization;
using RadTex.Studies.Archives;

namespace RadTex.Data;

/// <summary>Where a prepared dataset came from.</summary>
/// <param name="Kind">The source's name, such as <c>mimic-cxr-jpg</c>.</param>
/// <param name="Root">The folder it was read from.</param>
/// <param name="Options">Every option that decides the result, by name.</param>
/// <param name="Tables">The SHA-256 of every table that was read, by path relative to the root.</param>
public sealed record SourceRecord(string Kind, string Root, IReadOnlyDictionary<string, string> Options, IReadOnlyDictionary<string, string> Tables)
{
    /// <summary>The kind of a dataset that a program made of pictures in memory.</summary>
    internal const string Memory = "memory";

    /// <summary>Whose patients' ids these are: the archives of one family share theirs; null where it is not known.</summary>
    [JsonIgnore]
    public string? Archive =>
        Options.GetValueOrDefault("archive") is { } named ? named : Kind == Memory ? null : Archives.FamilyOf(Kind);
}
