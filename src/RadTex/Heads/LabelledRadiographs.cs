namespace RadTex.Heads;

/// <summary>The radiographs that have a definite value of a task's label, and what was left out.</summary>
/// <param name="Rows">Their places in the list.</param>
/// <param name="Classes">The class of each: 0 and 1, or a grade.</param>
/// <param name="Views">The view of each, as stored.</param>
/// <param name="Patients">The patient of each: the place of the patient's first radiograph in the list, the same whatever the task.</param>
/// <param name="Uncertain">Left out: value below 0.</param>
/// <param name="Blank">Left out: no value (a blank is no negative), or neither label of a "vs" task.</param>
internal sealed record LabelledRadiographs(int[] Rows, int[] Classes, string[] Views, int[] Patients, int Uncertain, int Blank)
{
    private const int MostClasses = 100;

    /// <summary>One more than the largest class, at least 2.</summary>
    internal int ClassCount => Math.Max(2, Classes.Length == 0 ? 0 : Classes.Max() + 1);

    /// <summary>Takes rows whose value is exactly 0, 1, 2, ...; as the paper's co-authors do, blanks and uncertain ones are dropped.</summary>
    /// <exception cref="UserErrorException">No such label, or a value that is no class.</exception>
    internal static LabelledRadiographs Of(LabelledPool pool, string label, string? against)
    {
        var (radiographs, labelNames) = pool;
        int column = Column(labelNames, label), other = against is null ? -1 : Column(labelNames, against);
        var rows = new List<int>();
        var classes = new List<int>();
        int uncertain = 0, blank = 0;
        for (int i = 0; i < radiographs.Count; i++)
        {
            var labels = radiographs[i].Labels;
            double? value = labels[column];
            if (against is not null) value = value == 1 ? 1 : labels[other] == 1 && value is null or 0 ? 0 : value < 0 ? value : null;
            if (value is null) blank++;
            else if (value < 0) uncertain++;
            else if (value != Math.Floor(value.Value) || value >= MostClasses)
                throw new UserErrorException(
                    $"Label '{label}' of image {radiographs[i].ImageId} is {value}. Expected 0 or 1, or whole grades below {MostClasses}.");
            else
            {
                rows.Add(i);
                classes.Add((int)value.Value);
            }
        }
        var firstOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < radiographs.Count; i++) firstOf.TryAdd(radiographs[i].PatientId, i);
        return new(
            [.. rows], [.. classes], [.. rows.Select(r => radiographs[r].View)], [.. rows.Select(r => firstOf[radiographs[r].PatientId])], uncertain,
            blank);
    }

    private static int Column(IReadOnlyList<string> names, string label)
    {
        for (int i = 0; i < names.Count; i++)
            if (string.Equals(names[i], label, StringComparison.OrdinalIgnoreCase)) return i;
        throw new UserErrorException($"The dataset has no label '{label}'. Its labels: {string.Join(", ", names)}.");
    }
}
