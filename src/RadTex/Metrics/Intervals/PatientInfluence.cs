namespace RadTex.Metrics.Intervals;

/// <summary>
/// How much each test patient moves a figure: the figure's variance over patients is the sum of squares, and that of a mean follows from sums.
/// </summary>
internal sealed class PatientInfluence : IEquatable<PatientInfluence>
{
    private readonly Dictionary<int, double> values;

    private PatientInfluence(Dictionary<int, double> values) => this.values = values;

    internal double Variance => values.Values.Sum(v => v * v);

    /// <summary>On an AUC: the patient's placements less the AUC, over the number of positives or negatives.</summary>
    /// <returns>Null where positives or negatives are of fewer than two patients.</returns>
    internal static PatientInfluence? OfAuc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<int> patients)
    {
        MetricInput.CheckLengths(patients.Length, labels.Length);
        if (DeLong.Placements(scores, labels) is not { } placements) return null;
        HashSet<int> withPositives = [], withNegatives = [];
        for (int i = 0; i < labels.Length; i++) (labels[i] ? withPositives : withNegatives).Add(patients[i]);
        if (withPositives.Count < 2 || withNegatives.Count < 2) return null;
        double ofPositive = Factor(withPositives.Count) / placements.OfPositives.Length,
            ofNegative = Factor(withNegatives.Count) / placements.OfNegatives.Length;
        var values = new Dictionary<int, double>();
        int positive = 0, negative = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double share = labels[i]
                ? ofPositive * (placements.OfPositives[positive++] - placements.Auc)
                : ofNegative * (placements.OfNegatives[negative++] - placements.Auc);
            values[patients[i]] = values.GetValueOrDefault(patients[i]) + share;
        }
        return new(values);

        static double Factor(int count) => Math.Sqrt(count / (count - 1.0));
    }

    /// <summary>On the mean of several figures; null for none, or where one is not known.</summary>
    internal static PatientInfluence? Mean(IReadOnlyList<PatientInfluence?> figures)
    {
        if (figures.Count == 0 || figures.Contains(null)) return null;
        var values = new Dictionary<int, double>();
        foreach (var figure in figures)
            foreach (var (patient, value) in figure!.values) values[patient] = values.GetValueOrDefault(patient) + value / figures.Count;
        return new(values);
    }

    /// <summary>On the difference of two figures; null where one is not known.</summary>
    internal static PatientInfluence? Difference(PatientInfluence? first, PatientInfluence? second)
    {
        if (first is null || second is null) return null;
        var values = new Dictionary<int, double>(first.values);
        foreach (var (patient, value) in second.values) values[patient] = values.GetValueOrDefault(patient) - value;
        return new(values);
    }

    /// <summary>
    /// The variance over patients that trials share (<see cref="TrialMean.SharedPatientVariance"/>); of one trial its whole variance; null where one
    /// is not known.
    /// </summary>
    internal static double? SharedVariance(IReadOnlyList<PatientInfluence?> trials) =>
        Mean(trials) is not { } mean ? null
        : trials.Count == 1 ? mean.Variance
        : TrialMean.SharedPatientVariance(mean.Variance, trials.Average(t => t!.Variance), trials.Count);

    public bool Equals(PatientInfluence? other) =>
        other is not null && values.Count == other.values.Count && values.All(v => other.values.TryGetValue(v.Key, out double own) && own == v.Value);

    public override bool Equals(object? obj) => Equals(obj as PatientInfluence);

    public override int GetHashCode() => values.Count;
}
