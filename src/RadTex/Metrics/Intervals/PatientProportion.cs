using MathNet.Numerics.Distributions;

namespace RadTex.Metrics.Intervals;

/// <summary>
/// A part of examples with its interval where patients have several: Wilson's interval with the number of examples divided by the design
/// effect, the variance over patients relative to that of independent examples (Kish 1965; Saha, Miller and Wang 2016).
/// </summary>
public static class PatientProportion
{
    /// <summary>The part that counts, with its interval.</summary>
    /// <param name="counts">Whether an example counts.</param>
    /// <param name="patients">Each example's patient.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>Null where there is no example.</returns>
    public static Interval? Of(ReadOnlySpan<bool> counts, ReadOnlySpan<int> patients, double level = Interval.DefaultLevel)
    {
        MetricInput.CheckLevel(level);
        MetricInput.CheckLengths(counts.Length, patients.Length);
        int total = counts.Length;
        if (total == 0) return null;
        double part = (double)counts.Count(true) / total;
        var byPatient = new Dictionary<int, double>();
        for (int i = 0; i < total; i++) byPatient[patients[i]] = byPatient.GetValueOrDefault(patients[i]) + (counts[i] ? 1 : 0) - part;
        // Where all or none count nothing varies between patients: then a patient is one example.
        double effective = byPatient.Count;
        if (part is > 0 and < 1 && byPatient.Count > 1)
        {
            double variance = byPatient.Count / (byPatient.Count - 1.0) * byPatient.Values.Sum(v => v * v) / ((double)total * total);
            // Patients whose examples differ more than chance would allow more than n: not claimed.
            effective = variance > 0 ? Math.Min(total, part * (1 - part) / variance) : total;
        }
        double z = Normal.InvCDF(0, 1, 0.5 + level / 2), scale = 1 + z * z / effective, centre = (part + z * z / (2 * effective)) / scale;
        double half = z / scale * Math.Sqrt(part * (1 - part) / effective + z * z / (4 * effective * effective));
        return new Interval(part, part == 0 ? 0 : centre - half, part == 1 ? 1 : centre + half, level);
    }
}
