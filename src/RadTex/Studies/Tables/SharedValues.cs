namespace RadTex.Studies.Tables;

/// <summary>
/// Gives equal values of a listing's rows one place in memory: an archive of 377,110 radiographs has a few thousand sets of labels and a handful of
/// views.
/// </summary>
internal sealed class SharedValues
{
    private readonly Dictionary<double?[], double?[]> labels = new(new SameValues());
    private readonly Dictionary<string, string> views = [];
    private string patient = "", study = ""; // of the row before: rows of one are mostly together

    /// <summary>The row with its labels, view, patient and study shared with earlier rows.</summary>
    internal Radiograph Of(Radiograph row)
    {
        double?[] own = [.. row.Labels];
        if (!labels.TryGetValue(own, out var known)) labels[own] = known = own;
        if (!views.TryGetValue(row.View, out var view)) views[row.View] = view = row.View;
        patient = patient == row.PatientId ? patient : row.PatientId;
        study = study == row.StudyId ? study : row.StudyId;
        return row with { Labels = known, View = view, PatientId = patient, StudyId = study };
    }

    private sealed class SameValues : IEqualityComparer<double?[]>
    {
        public bool Equals(double?[]? x, double?[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(double?[] values)
        {
            var hash = new HashCode();
            foreach (var value in values) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
