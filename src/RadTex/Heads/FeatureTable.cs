using Parquet;
using Parquet.Schema;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Heads;

/// <summary><c>features.parquet</c>: who each row of the features is. No report text.</summary>
internal static class FeatureTable
{
    private const int RowsAGroup = 50_000;

    internal static void Write(string path, IReadOnlyList<PreparedRadiograph> rows, IReadOnlyList<string> labelNames) =>
        AtomicFile.Write(path, stream => WriteAsync(stream, rows, labelNames).GetAwaiter().GetResult());

    private static async Task WriteAsync(Stream stream, IReadOnlyList<PreparedRadiograph> rows, IReadOnlyList<string> labelNames)
    {
        DataField<string> image = new("image_id", false), patient = new("patient_id", false), study = new("study_id", false),
            split = new("split", false);
        var labels = labelNames.Select(name => new DataField<double?>(StudiesTable.LabelPrefix + name)).ToArray();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema([image, patient, study, split, .. labels]), stream, options)
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var group in rows.Chunk(RowsAGroup))
            {
                using var columns = writer.CreateRowGroup();
                await columns.WriteAsync(image, group.Select(r => r.ImageId).ToArray()).ConfigureAwait(false);
                await columns.WriteAsync(patient, group.Select(r => r.PatientId).ToArray()).ConfigureAwait(false);
                await columns.WriteAsync(study, group.Select(r => r.StudyId).ToArray()).ConfigureAwait(false);
                await columns.WriteAsync(split, group.Select(r => r.Split.Name()).ToArray()).ConfigureAwait(false);
                for (int i = 0; i < labels.Length; i++)
                    await columns.WriteAsync<double>(labels[i], group.Select(r => r.Labels[i]).ToArray()).ConfigureAwait(false);
            }
        }
    }
}
