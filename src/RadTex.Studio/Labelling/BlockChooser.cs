using RadTex.Selection;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Labelling;

/// <summary>
/// The next block of pictures: one of the reserve at a random place among those the policy chooses, then second looks with as many random repeats.
/// Deterministic: the same state gives the same block.
/// </summary>
internal sealed class BlockChooser(ProjectSettings settings, PicturePool pool, Reserve reserve)
{
    private const int FewestForContradiction = 20;
    private const ulong SharedStream = 21;

    private readonly ISelectionPolicy policy = SelectionPolicies.Of(settings.Policy);

    internal IReadOnlyList<StudioEvent> Choose(PickingState state, LiveHead? head)
    {
        var random = new CounterRandom(settings.Seed, (ulong)state.Taken.Count, StableHash(state.Reader), StableHash(state.Finding));
        int reservedAt = random.Below(settings.ReservePeriod);
        var chosen = new Queue<StudioEvent>(Shared(state).Concat(ByPolicy(state, head, random.Next())));
        var reserved = reserve.Rows.Select(r => pool.Hashes[r]).FirstOrDefault(p => !state.Taken.Contains(p));
        var block = new List<StudioEvent>();
        for (int i = 0; i < settings.ReservePeriod; i++)
        {
            if (i == reservedAt && reserved is not null)
                block.Add(Pick(state, reserved, LabelBook.ReservePolicy, null) with { Propensity = reserve.Chance });
            else if (chosen.Count > 0) block.Add(chosen.Dequeue());
        }
        block.AddRange(Again(state, head, random));
        return block;
    }

    private IEnumerable<StudioEvent> ByPolicy(PickingState state, LiveHead? head, ulong seed)
    {
        int[] free =
            [.. Enumerable.Range(0, pool.Count).Where(row => !state.Taken.Contains(pool.Hashes[row]) && !state.Imported.Contains(pool.Hashes[row])
                && !reserve.Holds(pool.Selection, row))];
        (string Picture, int Class)[] labelled = [.. state.Labelled.Where(l => pool.Has(l.Picture))];
        var known = new SelectionState(
            pool.Selection, [.. labelled.Select(l => pool.RowOf(l.Picture))], [.. labelled.Select(l => l.Class)], free,
            head, seed);
        var by = pool.Features is null ? new RandomPolicy() : policy;
        return by.Choose(known, settings.ReservePeriod - 1).Select(row => Pick(state, pool.Hashes[row], by.Name, head));
    }

    /// <summary>
    /// Pictures that every reader is asked and another one was asked already. Those of the reserve come to each by themselves, in the same order.
    /// </summary>
    private IEnumerable<StudioEvent> Shared(PickingState state) => settings.SharedShare <= 0 ? [] : state.OfOthers
        .Where(p => !state.Taken.Contains(p) && !reserve.Holds(pool.Selection, pool.RowOf(p))
            && CounterRandom.Hash(settings.Seed, StableHash(p), SharedStream) / (double)ulong.MaxValue < settings.SharedShare)
        .Order(StringComparer.Ordinal).Take(settings.ReservePeriod - 1).Select(p => Pick(state, p, "shared", null));

    /// <summary>
    /// A second look at the label that most contradicts the head, and with it a random blinded repeat of the reserve: a reader asked only where the
    /// model disagrees would move towards the model.
    /// </summary>
    private IEnumerable<StudioEvent> Again(PickingState state, LiveHead? head, CounterRandom random)
    {
        var own = state.Own;
        if (own.Count < settings.RepeatsFrom) yield break;
        string[] old = [.. own.OrderBy(l => l.Value.Event).Take(own.Count - settings.RepeatDistance)
            .Where(l => l.Value.Repeats.Count == 0 && l.Value.First.Class is not null && !state.Seen.Contains(l.Key)).Select(l => l.Key)];
        string[] sample = [.. old.Where(p => own[p].IsReserve)];
        if (sample.Length == 0) yield break;
        var repeated = sample[random.Below(sample.Length)];
        var contradicted = MostContradicted(head, old.Where(p => p != repeated), own);
        // In random order: which is which cannot be told.
        var pair = new List<(string Picture, string Policy)> { (repeated, LabelBook.RandomRepeat) };
        if (contradicted is not null) pair.Insert(random.Below(2), (contradicted, LabelBook.SecondLook));
        foreach (var (picture, why) in pair) yield return Pick(state, picture, why, head);
    }

    private string? MostContradicted(LiveHead? head, IEnumerable<string> pictures, IReadOnlyDictionary<string, PictureLabels> own)
    {
        if (head is not { HeldOut: { } scores } || head.Rows.Count < FewestForContradiction) return null;
        var at = ReserveScores.HeadRowsOf(head, pool);
        return pictures.Where(p => at.ContainsKey(p) && own[p].Current.Class is not null)
            .Select(p => (Picture: p, Against: scores.Contradiction(at[p], own[p].Current.Class!.Value)))
            .Where(p => p.Against > 0).OrderByDescending(p => p.Against).Select(p => p.Picture).FirstOrDefault();
    }

    private static StudioEvent Pick(PickingState state, string picture, string by, LiveHead? head) =>
        new(EventKind.Pick, state.Reader, state.Finding, picture) { Policy = by, Model = head is null ? "" : head.Sha256 };

    private static ulong StableHash(string text) =>
        BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
