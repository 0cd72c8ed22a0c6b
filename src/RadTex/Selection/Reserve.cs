namespace RadTex.Selection;

/// <summary>
/// The radiographs that figures are measured on: a random sample of patients, one radiograph each, drawn once and asked in that order. No policy ever
/// chooses one of its patients, so that its labels stay a sample whatever else is labelled.
/// </summary>
/// <remarks>Active picks are no sample of the pool, and no weights mend an AUC of them (Farquhar, Gal and Rainforth 2021 mend a mean loss).</remarks>
public sealed class Reserve
{
    private readonly HashSet<int> patients;

    private Reserve(IReadOnlyList<int> rows, IReadOnlyList<double> weights, HashSet<int> patients, double chance) =>
        (Rows, Weights, this.patients, Chance) = (rows, weights, patients, chance);

    /// <summary>Its rows, in the order they are asked.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>How many radiographs of the pool each stands for: its patient's number of them.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>The chance that a patient of the pool is in it.</summary>
    public double Chance { get; }

    /// <summary>Draws it.</summary>
    /// <param name="pool">All radiographs.</param>
    /// <param name="size">Patients; at most half of the pool's.</param>
    /// <param name="seed">The same seed draws the same patients in the same order; a larger size begins with a smaller one's.</param>
    public static Reserve Draw(SelectionPool pool, int size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        size = Math.Min(size, pool.Patients / 2);
        var rows = new List<int>[pool.Patients];
        for (int row = 0; row < pool.Count; row++) (rows[pool.PatientOf(row)] ??= []).Add(row);
        int[] order = [.. Enumerable.Range(0, pool.Patients).OrderBy(p => CounterRandom.Hash(seed, (ulong)p, 8)).Take(size)];
        return new(
            [.. order.Select(p => rows[p][new CounterRandom(seed, (ulong)p, 9).Below(rows[p].Count)])], [.. order.Select(p => (double)rows[p].Count)],
            [.. order], size / (double)Math.Max(1, pool.Patients));
    }

    /// <summary>Whether a row is of one of its patients.</summary>
    public bool Holds(SelectionPool pool, int row) => patients.Contains(pool.PatientOf(row));
}
