using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>The names of a sweep's files in its folder.</summary>
public static class SweepLayout
{
    /// <summary>A row a classifier.</summary>
    public const string Results = "results.parquet";

    /// <summary>The page.</summary>
    public const string Report = "report.html";

    private const int KeyLength = 16;

    /// <summary>Of all cells; the process that works on frozen encoders claims it.</summary>
    internal static string Cells(string output) => Path.Combine(output, "cells");

    /// <summary>The folder of a journal.</summary>
    /// <param name="output">The sweep's folder.</param>
    /// <param name="protocol">The protocol's name.</param>
    /// <param name="initialisation">The initialisation's name.</param>
    /// <param name="key">A hash of all that the journal's figures depend on.</param>
    internal static string Cell(string output, string protocol, string initialisation, string key) =>
        Path.Combine(Cells(output), Slug(protocol), Slug(initialisation), key[..KeyLength]);

    /// <summary>A folder for all that features depend on: shared by initialisations and protocols of the same encoder and dataset.</summary>
    internal static string Features(string output, FeatureCard card) =>
        Path.Combine(output, FrozenTransfer.FeaturesFolder, ProvenanceKey.Of(ProvenanceKey.WithoutNames(card))[..KeyLength]);

    /// <summary>A name as part of a path.</summary>
    internal static string Slug(string name) => string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
}
