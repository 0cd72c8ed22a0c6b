namespace RadTex.Selection;

/// <summary>A replay.</summary>
/// <param name="Policy">Its policy's name.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Points">At each number of labels.</param>
public sealed record ReplayResult(string Policy, ulong Seed, IReadOnlyList<ReplayPoint> Points)
{
    /// <summary>The area under the curve of AUC over labels, as the mean AUC from the first size to the last.</summary>
    public double AreaUnderCurve
    {
        get
        {
            if (Points.Count == 1) return Points[0].Auc;
            double area = 0;
            for (int i = 1; i < Points.Count; i++) area += (Points[i].Labels - Points[i - 1].Labels) * (Points[i].Auc + Points[i - 1].Auc) / 2;
            return area / (Points[^1].Labels - Points[0].Labels);
        }
    }
}
