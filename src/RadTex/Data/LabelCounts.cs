namespace RadTex.Data;

/// <summary>
/// A label of a prepared dataset and how many radiographs are positive (value above 0), negative (0), uncertain (below 0) and unlabelled.
/// </summary>
/// <param name="Name">The label.</param>
/// <param name="Positive">Radiographs with a value above 0.</param>
/// <param name="Negative">With 0.</param>
/// <param name="Uncertain">With a value below 0.</param>
/// <param name="Absent">Without a value.</param>
public sealed record LabelCounts(string Name, int Positive, int Negative, int Uncertain, int Absent)
{
    internal static LabelCounts Of(string name, IEnumerable<double?> labels)
    {
        var values = labels.ToArray();
        return new(name, values.Count(v => v > 0), values.Count(v => v == 0), values.Count(v => v < 0), values.Count(v => v is null));
    }
}
