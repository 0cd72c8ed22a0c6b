using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Heads;

/// <summary>An encoder's features of radiographs, [n, F] float32 in memory, with what is known of each radiograph.</summary>
/// <remarks>A selection shares the values it was taken from.</remarks>
public sealed class RadiographFeatures
{
    private readonly float[] values;
    private readonly int[] places; // row i lies at places[i] * F; -1 where it was not computed
    private readonly Lazy<Dictionary<int, int>> rowOf;

    /// <summary>Features that were computed elsewhere, [n, F] float32.</summary>
    /// <exception cref="ArgumentException">There are not n * F values.</exception>
    /// <param name="radiographs">One a row.</param>
    /// <param name="labelNames">In the order of <see cref="PreparedRadiograph.Labels"/>.</param>
    /// <param name="width">F.</param>
    /// <param name="values">n * F, row by row; kept, not copied.</param>
    public RadiographFeatures(IReadOnlyList<PreparedRadiograph> radiographs, IReadOnlyList<string> labelNames, int width, float[] values)
        : this(radiographs, labelNames, width, values, [.. Enumerable.Range(0, radiographs.Count)])
    {
        if (values.LongLength != (long)radiographs.Count * width)
            throw new ArgumentException($"{values.LongLength} values for {radiographs.Count} radiographs of {width} features", nameof(values));
    }

    private RadiographFeatures(
        IReadOnlyList<PreparedRadiograph> radiographs, IReadOnlyList<string> labelNames, int width, float[] values, int[] places) =>
        (Pool, Width, this.values, this.places, rowOf) =
            (new(radiographs, labelNames), width, values, places, new(() => radiographs.Select((r, i) => (r.Index, i)).ToDictionary()));

    /// <summary>The radiographs.</summary>
    public LabelledPool Pool { get; }

    /// <summary>The n radiographs, in the order of the rows of features.</summary>
    public IReadOnlyList<PreparedRadiograph> Radiographs => Pool.Radiographs;

    /// <summary>The labels' names, in the order of <see cref="PreparedRadiograph.Labels"/>.</summary>
    public IReadOnlyList<string> LabelNames => Pool.LabelNames;

    /// <summary>n.</summary>
    public int Count => Radiographs.Count;

    /// <summary>F.</summary>
    public int Width { get; }

    /// <summary>The features of one radiograph, F values.</summary>
    /// <exception cref="InvalidOperationException">They were not computed (see <see cref="Within"/>).</exception>
    public ReadOnlySpan<float> Row(int index) => places[index] >= 0
        ? values.AsSpan(places[index] * Width, Width)
        : throw new InvalidOperationException($"the features of image {Radiographs[index].ImageId} were not computed");

    /// <summary>Whether the features of a radiograph among these were computed (see <see cref="Within"/>).</summary>
    internal bool Has(PreparedRadiograph radiograph) => places[rowOf.Value[radiograph.Index]] >= 0;

    /// <summary>The radiographs of a split.</summary>
    public RadiographFeatures Of(Split split) => Where(r => r.Split == split);

    /// <summary>The radiographs that fulfil a condition, in the same order.</summary>
    public RadiographFeatures Where(Func<PreparedRadiograph, bool> condition) =>
        Select(Enumerable.Range(0, Count).Where(i => condition(Radiographs[i])));

    /// <summary>These features as part of a larger pool, of which labels are drawn: rows without features may be listed, not read.</summary>
    /// <param name="pool">Radiographs of the same dataset, these among them.</param>
    public RadiographFeatures Within(IReadOnlyList<PreparedRadiograph> pool)
    {
        var known = Enumerable.Range(0, Count).ToDictionary(i => Radiographs[i].Index, i => places[i]);
        return new(pool, LabelNames, Width, values, [.. pool.Select(r => known.GetValueOrDefault(r.Index, -1))]);
    }

    /// <summary>The same features with other labels, such as the shuffled ones of a negative control.</summary>
    /// <param name="names">The labels' names.</param>
    /// <param name="labels">The labels of each row.</param>
    public RadiographFeatures WithLabels(IReadOnlyList<string> names, Func<int, IReadOnlyList<double?>> labels) =>
        new([.. Radiographs.Select((r, i) => r with { Labels = labels(i) })], names, Width, values, places);

    /// <summary>Some rows, in the order given.</summary>
    public RadiographFeatures Select(IEnumerable<int> rows)
    {
        int[] chosen = [.. rows];
        return new([.. chosen.Select(i => Radiographs[i])], LabelNames, Width, values, [.. chosen.Select(i => places[i])]);
    }
}
