using RadTex.Data;
using RadTex.Files;
using RadTex.Studies;

namespace RadTex.Heads;

/// <summary><c>features.parquet</c>: who each row of the features is. No report text.</summary>
internal static class FeatureTable
{
    private const int RowsAGroup = 50_000;

    internal static void Write(string path, IReadOnlyList<PreparedRadiograph> rows, IReadOnlyList<string> labelNames)
    {
        var columns = new ParquetColumns<PreparedRadiograph>()
            .Text(new("image_id", false), r => r.ImageId).Text(new("patient_id", false), r => r.PatientId)
            .Text(new("study_id", false), r => r.StudyId).Text(new("split", false), r => r.Split.Name());
        for (int i = 0; i < labelNames.Count; i++)
        {
            int label = i;
            columns.Optional<double>(new(StudiesTable.LabelPrefix + labelNames[i]), r => r.Labels[label]);
        }
        AtomicFile.Write(path, stream => columns.Write(stream, rows.Chunk(RowsAGroup)));
    }
}
