namespace RadTex.Studies;

/// <summary>What is suspicious in a listing and may be meant all the same: one line each, for a person to look at first.</summary>
internal static class ListingWarnings
{
    /// <summary>A patient with more than this share of the radiographs, and at least so many, is likelier a value that stands for none.</summary>
    private const double LargestShare = 0.1;

    private const int FewestOfOnePatient = 20, FewestOfAClass = 20, MostNamed = 5;

    /// <summary>Says what is suspicious of radiographs that are to be taken.</summary>
    /// <param name="radiographs">Each with its split.</param>
    /// <param name="labelNames">Of their labels.</param>
    /// <param name="fractions">The parts that were asked for where the split is by hash; null where it is the archive's own.</param>
    internal static IEnumerable<string> Of(IReadOnlyList<Radiograph> radiographs, IReadOnlyList<string> labelNames, SplitFractions? fractions)
    {
        var (patient, count) = radiographs.CountBy(r => r.PatientId).MaxBy(p => p.Value);
        if (count >= FewestOfOnePatient && count > LargestShare * radiographs.Count && count < radiographs.Count)
            yield return $"warning: patient '{patient}' has {count:N0} of {radiographs.Count:N0} radiographs "
                + $"({(double)count / radiographs.Count:P0}). Is this a value that stands for no patient? Such radiographs all fall into one split.";
        foreach (
            var (split, asked) in new[] { (Split.Train, fractions?.Train), (Split.Validate, fractions?.Validate), (Split.Test, fractions?.Test) })
        {
            int own = radiographs.Count(r => r.Split == split);
            if (own == 0 && asked is null or > 0) yield return $"warning: no radiograph is in the split {split.Name()}.";
            else if (asked is { } share && radiographs.Count >= 10 * FewestOfOnePatient && own < share * radiographs.Count / 2)
                yield return $"warning: the split {split.Name()} has {own:N0} radiographs, where {share:P0} of {radiographs.Count:N0} were "
                    + "asked for: "
                    + "some patients have far more than others.";
        }
        var test = radiographs.Where(r => r.Split == Split.Test).ToArray();
        if (test.Length == 0) yield break;
        string[] few =
        [
            .. labelNames.Select((name, i) => (name, Positive: test.Count(r => r.Labels[i] > 0), Negative: test.Count(r => r.Labels[i] == 0)))
                .Where(l => Math.Min(l.Positive, l.Negative) < FewestOfAClass).Select(l => $"{l.name} {l.Positive:N0} : {l.Negative:N0}"),
        ];
        if (few.Length > 0)
            yield return $"warning: {(few.Length == 1 ? "a label has" : $"{few.Length:N0} labels have")} fewer than {FewestOfAClass} "
                + "positive or negative radiographs "
                + "to test on, too few for a figure: "
                + $"{string.Join(", ", few.Take(MostNamed))}{(few.Length > MostNamed ? $" and {few.Length - MostNamed:N0} more" : "")}.";
    }
}
