namespace RadTex.Studio.Labelling;

/// <summary>All that figures of a finding follow from, copied at one moment.</summary>
/// <param name="Finding">Which.</param>
/// <param name="Current">Pictures with the class that counts, in the order they were labelled: what heads learn from.</param>
/// <param name="First">The class of the first answers by picture: what figures use.</param>
/// <param name="Uncertain">Pictures that were called uncertain.</param>
/// <param name="NotAssessable">Pictures that were called not assessable.</param>
/// <param name="SelfPairs">First and repeated class of each random blinded repeat.</param>
internal sealed record FindingLabels(
    string Finding, IReadOnlyList<(string Picture, int Class)> Current, IReadOnlyDictionary<string, int> First, int Uncertain, int NotAssessable,
    IReadOnlyList<(int First, int Again)> SelfPairs)
{
    /// <summary>What heads learn from: with soft labels, every reader's answer.</summary>
    internal IReadOnlyList<(string Picture, int Class)> Targets { get; init; } = [];

    /// <summary>Of the current ones, those that nobody gave here.</summary>
    internal int Imported { get; init; }

    internal static FindingLabels Of(LabelBook book, string finding)
    {
        Answer[] answers =
            [.. book.Readers.Select(r => book.Of(r, finding)).SelectMany(l => l).GroupBy(l => l.Key).Select(g => g.First().Value.Current)];
        var current = book.Labelled(finding);
        var brought = book.Imported(finding);
        return new(
            finding, current, book.Labelled(finding, first: true).ToDictionary(), answers.Count(a => a.IsUncertain),
            answers.Count(a => a.IsNotAssessable), [.. book.Readers.SelectMany(reader => book.Of(reader, finding).Values)
                .Where(l => l.WasRandomRepeat && l.First.Class is not null && l.Repeats[0].Class is not null)
                .Select(l => (l.First.Class!.Value, l.Repeats[0].Class!.Value))])
        {
            Targets = book.Targets(finding),
            Imported = brought.Count == 0 ? 0
                : current.Count(l => brought.ContainsKey(l.Picture) && book.Readers.All(r => !book.Of(r, finding).ContainsKey(l.Picture))),
        };
    }
}
