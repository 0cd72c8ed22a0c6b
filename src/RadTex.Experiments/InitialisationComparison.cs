using System.Text.Json.Serialization;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments;

/// <summary>
/// One initialisation against another at one number of labels: mean AUC over findings, within views where both have one, paired by draw of labels.
/// The interval has the draws' error and the test patients' in it (<see cref="TrialMean"/>).
/// </summary>
/// <param name="First">An initialisation's name.</param>
/// <param name="Second">Another's.</param>
/// <param name="Examples">Labels.</param>
/// <param name="Difference">First minus second; null where an AUC is undefined.</param>
/// <param name="Lower">The 95% interval's lower end; null where there is no difference or too few draws.</param>
/// <param name="Upper">Its upper end.</param>
/// <param name="Draws">Paired draws.</param>
/// <param name="WithinViews">Whether it is of AUC within views; else of AUC over all radiographs, which the view alone raises.</param>
public sealed record InitialisationComparison(
    string First, string Second, int Examples, double? Difference, double? Lower, double? Upper, int Draws, bool WithinViews)
{
    /// <summary>Whether the first is ahead: the interval lies above 0, and there are draws enough for a claim.</summary>
    [JsonIgnore]
    public bool IsAhead => Lower > 0 && Draws >= TrialMean.FewestTrialsForClaim;

    /// <summary>Whether the second is ahead.</summary>
    [JsonIgnore]
    public bool IsBehind => Upper < 0 && Draws >= TrialMean.FewestTrialsForClaim;

    /// <summary>Compares at one number of labels; null where one was not run at it.</summary>
    internal static InitialisationComparison? Of(InitialisationResult first, InitialisationResult second, int examples)
    {
        if (first.Mean(examples) is not { } one || second.Mean(examples) is not { } other) return null;
        bool within = one.AucWithinViews.Mean is not null && other.AucWithinViews.Mean is not null;
        var (a, b) = within ? (one.AucWithinViews, other.AucWithinViews) : (one.Auc, other.Auc);
        if (a.Trials.Count != b.Trials.Count)
            throw new ArgumentException(
                $"{first.Name} has {a.Trials.Count} draws, {second.Name} {b.Trials.Count}; expected the same", nameof(second));
        double?[] differences = [.. a.Trials.Zip(b.Trials, (x, y) => x - y)];
        if (differences.Contains(null)) return new(first.Name, second.Name, examples, null, null, null, differences.Length, within);
        double[] values = [.. differences.Select(d => d!.Value)];
        double? variance = a.Influences.Count == b.Influences.Count ? PatientInfluence
            .SharedVariance([.. a.Influences.Zip(b.Influences, PatientInfluence.Difference)]) : null;
        // Draws that do not scatter on patients that are not known give no interval: one of width 0 would claim what was not measured.
        bool scatters = values.Length >= TrialMean.FewestTrials && (variance > 0 || values.Distinct().Skip(1).Any());
        var interval = scatters && variance is { } v ? TrialMean.Compare(values, v).Difference : (Interval?)null;
        return new(first.Name, second.Name, examples, values.Average(), interval?.Lower, interval?.Upper, values.Length, within);
    }

    /// <summary>The size of the difference with its interval, such as "0.051 [0.020, 0.082]"; of the one that is ahead where one is.</summary>
    internal string Size()
    {
        if (Difference is not { } difference) return "n/a";
        if (Lower is not { } lower || Upper is not { } upper) return $"{difference:+0.000;-0.000;0.000}";
        return IsBehind ? $"{-difference:0.000} [{-upper:0.000}, {-lower:0.000}]"
            : IsAhead ? $"{difference:0.000} [{lower:0.000}, {upper:0.000}]"
            : $"{difference:+0.000;-0.000;0.000} [{lower:+0.000;-0.000;0.000}, {upper:+0.000;-0.000;0.000}]";
    }
}
