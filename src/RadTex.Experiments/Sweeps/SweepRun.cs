using RadTex.Heads;

namespace RadTex.Experiments.Sweeps;

/// <summary>One classifier of a sweep: a row of results.parquet.</summary>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="Initialisation">Where it started.</param>
/// <param name="Task">The label it learnt.</param>
/// <param name="Examples">N as asked for; null for all.</param>
/// <param name="Count">N as it was; 0 where it was not run.</param>
/// <param name="Trial">From 0.</param>
/// <param name="Head">"paper", "logistic" or "fine-tuned".</param>
/// <param name="Batch">Radiographs an update; 0 for the logistic head.</param>
/// <param name="Scores">On the test radiographs.</param>
/// <param name="Redraws">Draws thrown away because they showed one class.</param>
/// <param name="Reason">Why a figure is "n/a", or what else a reader must know; null for nothing.</param>
/// <param name="EncoderSha256">Of the encoder it started from; empty where there was none.</param>
/// <param name="Recipe">How it was trained, in words.</param>
/// <param name="Control">The negative control it belongs to; empty for a real run.</param>
/// <param name="Part">The part of pretraining patients; null where that means nothing.</param>
/// <param name="Provenance">SHA-256 over all that its figures follow from.</param>
public sealed record SweepRun(
    string Protocol, string Initialisation, string Task, int? Examples, int Count, int Trial, string Head, int Batch, TransferScores Scores,
    int Redraws, string? Reason,
    string EncoderSha256, string Recipe, string Control, double? Part, string Provenance)
{
    /// <summary>What it was tested on; null where it was not run.</summary>
    internal SweepTest? Test { get; init; }

    /// <summary>[n] of class 1, or [n, C], of the test radiographs; null where it was not run or diverged.</summary>
    internal double[]? Probabilities { get; init; }

    /// <summary>Those that tables show: no negative control, and the recipe's own batch.</summary>
    internal bool IsMain { get; init; } = true;
}
