namespace RadTex.Metrics;

/// <summary>The AUC within each view and their mean: what a score tells beside the view.</summary>
/// <param name="Views">In the order of their names, those with too few examples too.</param>
/// <param name="Mean">The unweighted mean over the views that have an AUC; null where none has.</param>
/// <param name="Reason">Why there is no mean; null where there is one.</param>
public sealed record ViewAucs(IReadOnlyList<ViewAucRow> Views, double? Mean, string? Reason);
