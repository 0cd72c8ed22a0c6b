using System.Globalization;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Reproduction;

/// <summary>A comparison of a claim as it came out.</summary>
/// <param name="First">The cell whose figure comes first.</param>
/// <param name="Second">The cell whose figure is taken from it; of claim B's best model the one it turned out to be.</param>
/// <param name="Figure">The figure it was drawn on: AUC within views where views differ.</param>
/// <param name="Against">What the difference is held against.</param>
/// <param name="Note">What else tells it apart.</param>
/// <param name="Comparison">The first's figure less the second's; null with a reason.</param>
/// <param name="Pooled">The same of the AUC over all views, where <paramref name="Figure"/> is within views; not tested.</param>
/// <param name="PValue">Two-sided, of no difference from <paramref name="Against"/>; of claim D of a difference beyond the margin (TOST).</param>
/// <param name="HolmPValue">Corrected within the claim's family; null where nothing is claimed.</param>
/// <param name="Reason">Why it cannot be said.</param>
public sealed record ClaimComparison(
    TableCell First, TableCell? Second, ComparedFigure Figure, double Against, string Note, PairedComparison? Comparison, PairedComparison? Pooled,
        double? PValue, double? HolmPValue,
    string? Reason)
{
    internal const double Level = 0.05;

    /// <summary>Declared to differ from what it is held against.</summary>
    internal bool IsDeclared => HolmPValue < Level;

    /// <summary>Declared to lie above what it is held against.</summary>
    internal bool IsAbove => IsDeclared && Comparison!.Value.Difference.Estimate > Against;

    /// <summary>Declared to lie below.</summary>
    internal bool IsBelow => IsDeclared && Comparison!.Value.Difference.Estimate < Against;

    /// <summary>A gain over all views that is none among radiographs of one view.</summary>
    internal bool IsTheView => Pooled is { PValue: < Level } pooled && Comparison is { } within && within.PValue >= Level
        && Math.Abs(pooled.Difference.Estimate) > Math.Abs(within.Difference.Estimate);

    /// <summary>One line: cells, difference with its interval, p-values, the pooled AUC beside.</summary>
    internal string Line()
    {
        var text = $"{First} against {Second?.ToString() ?? "the best model at all labels"}: ";
        if (Comparison is not { } c) return $"{text}n/a: {Reason}";
        text += $"{Signed(c.Difference)} {Name(Figure)}";
        if (Against != 0) text += string.Create(CultureInfo.InvariantCulture, $", held against {Against:+0.000;-0.000}");
        text += Reason is { } reason ? $"; cannot be said: {reason}"
            : $", p {MultipleComparisons.Text(PValue!.Value)}, "
            + (HolmPValue is { } h ? $"after Holm {MultipleComparisons.Text(h)}" : "not tested");
        if (Pooled is { } pooled) text += $"; over all views {Signed(pooled.Difference)} AUC{(IsTheView ? ", which the view alone explains" : "")}";
        return text;
    }

    internal static string Name(ComparedFigure figure) => figure switch
    {
        ComparedFigure.AucWithinViews => "AUC within views",
        ComparedFigure.AveragePrecision => "AUCPR",
        _ => "AUC",
    };

    internal static string Signed(Interval i) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{i.Estimate:+0.000;-0.000;0.000} [{i.Lower:+0.000;-0.000;0.000}, {i.Upper:+0.000;-0.000;0.000}]");
}
