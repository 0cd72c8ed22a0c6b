namespace RadTex.Selection;

/// <summary>What a policy knows when it chooses.</summary>
/// <param name="Pool">All radiographs.</param>
/// <param name="Labelled">Rows that have a label, in the order they got it.</param>
/// <param name="Classes">Their classes: 0 absent, 1 present, or a grade.</param>
/// <param name="Available">Rows that may be chosen: without a label, and of no patient of the reserve.</param>
/// <param name="Head">The head fitted on the labels; null while there is none.</param>
/// <param name="Seed">Of whatever the policy draws; the same state and seed give the same choice.</param>
public sealed record SelectionState(
    SelectionPool Pool, IReadOnlyList<int> Labelled, IReadOnlyList<int> Classes, IReadOnlyList<int> Available, ISelectionHead? Head, ulong Seed)
{
    /// <summary>Labels of the class that has fewest, of the two of a finding.</summary>
    internal int FewestOfAClass => Math.Min(Classes.Count(c => c == 0), Classes.Count(c => c > 0));
}
