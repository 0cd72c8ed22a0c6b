using Parquet;
using Parquet.Schema;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Data;

/// <summary>The rows of a prepared dataset as <c>studies.parquet</c>; its columns are described in docs/data-format.md.</summary>
internal static class StudiesTable
{
    /// <summary>The columns of labels bear this prefix, so that no label name can meet another column's.</summary>
    internal const string LabelPrefix = "label:";

    // a group is in memory whole while it is written or read; its columns stay below the size that .NET collects rarely
    private const int RowsAGroup = 1_024;

    private static readonly DataField<string> ImageId = new("image_id", false), PatientId = new("patient_id", false),
        StudyId = new("study_id", false),
        View = new("view", false), SplitName = new("split", false), Text = new("text", true), ImagePath = new("image_path", false);
    private static readonly DataField<long> PixelOffset = new("pixel_offset");
    private static readonly DataField<int> Height = new("height"), Width = new("width");

    /// <summary>Writes the rows; their texts are those of <paramref name="texts"/>, one a row.</summary>
    internal static void Write(string path, IReadOnlyList<PreparedRadiograph> rows, IEnumerable<string?> texts, IReadOnlyList<string> labelNames)
    {
        var columns = new ParquetColumns<(PreparedRadiograph Row, string? Text)>()
            .Text(ImageId, r => r.Row.ImageId).Text(PatientId, r => r.Row.PatientId).Text(StudyId, r => r.Row.StudyId).Text(View, r => r.Row.View)
            .Text(SplitName, r => r.Row.Split.Name()).Text(Text, r => r.Text).Text(ImagePath, r => r.Row.ImagePath)
            .Value(PixelOffset, r => r.Row.PixelOffset).Value(Height, r => r.Row.Height).Value(Width, r => r.Row.Width);
        for (int i = 0; i < labelNames.Count; i++)
        {
            int label = i;
            columns.Optional<double>(new(LabelPrefix + labelNames[i]), r => r.Row.Labels[label]);
        }
        AtomicFile.Write(path, stream => columns.Write(stream, rows.Chunk(RowsAGroup).Zip(texts.Chunk(RowsAGroup), Paired)));
    }

    private static (PreparedRadiograph Row, string? Text)[] Paired(PreparedRadiograph[] rows, string?[] texts) => rows.Length == texts.Length
        ? [.. rows.Zip(texts)]
        : throw new ArgumentException($"{texts.Length} texts for {rows.Length} rows", nameof(texts));

    /// <summary>Reads the rows; <paramref name="expectedRows"/> is checked before anything is allocated by it.</summary>
    /// <exception cref="UserErrorException">The file is damaged, or is another table than the manifest says.</exception>
    internal static IReadOnlyList<PreparedRadiograph> Read(string path, int expectedRows, IReadOnlyList<string> labelNames)
    {
        try
        {
            return ReadAsync(path, expectedRows, labelNames).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // the Parquet reader throws many kinds at a damaged file
        catch (Exception e) when (e is not (UserErrorException or OutOfMemoryException))
        {
            throw new UserErrorException(
                $"{path} cannot be read: {e.Message} Expected the table of a prepared dataset. Prepare the dataset again.", e);
        }
#pragma warning restore CA1031
    }

    private static async Task<IReadOnlyList<PreparedRadiograph>> ReadAsync(string path, int expectedRows, IReadOnlyList<string> labelNames)
    {
        using var stream = RegularFile.OpenRead(path);
        var reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var labels = labelNames.Select(name => Field<double>(reader, path, LabelPrefix + name)).ToArray();
            long found = reader.RowGroups.Sum(g => Math.Max(0, g.RowCount));
            if (found != expectedRows)
                throw new UserErrorException($"{path} has {found:N0} rows. The manifest says {expectedRows:N0}. Prepare the dataset again.");
            var rows = new List<PreparedRadiograph>(expectedRows);
            foreach (var group in reader.RowGroups)
            {
                var imageIds = await Strings(reader, group, path, ImageId).ConfigureAwait(false);
                var patientIds = await Strings(reader, group, path, PatientId).ConfigureAwait(false);
                var studyIds = await Strings(reader, group, path, StudyId).ConfigureAwait(false);
                var views = await Strings(reader, group, path, View).ConfigureAwait(false);
                var splits = await Strings(reader, group, path, SplitName).ConfigureAwait(false);
                var texts = await Strings(reader, group, path, Text).ConfigureAwait(false);
                var imagePaths = await Strings(reader, group, path, ImagePath).ConfigureAwait(false);
                var offsets = await Values<long>(reader, group, path, PixelOffset.Name).ConfigureAwait(false);
                var heights = await Values<int>(reader, group, path, Height.Name).ConfigureAwait(false);
                var widths = await Values<int>(reader, group, path, Width.Name).ConfigureAwait(false);
                var values = new double?[labels.Length][];
                for (int i = 0; i < labels.Length; i++)
                {
                    values[i] = new double?[group.RowCount];
                    await group.ReadAsync<double>(labels[i], values[i].AsMemory()).ConfigureAwait(false);
                }
                for (int i = 0; i < group.RowCount; i++)
                {
                    var split = SplitNames.TryParse(splits[i])
                        ?? throw new UserErrorException(
                            $"{path}, row {rows.Count}: the split is not one of train, validate, test. Prepare the dataset again.");
                    rows.Add(new PreparedRadiograph(
                        rows.Count, imageIds[i]!, patientIds[i]!, studyIds[i]!, views[i]!, split, texts[i],
                        Array.ConvertAll(values, column => column[i]), imagePaths[i]!, offsets[i], heights[i], widths[i]));
                }
            }
            return rows;
        }
    }

    private static DataField Field<T>(ParquetReader reader, string path, string name)
    {
        var field = reader.Schema.DataFields.FirstOrDefault(f => f.Name == name)
            ?? throw new UserErrorException(
                $"{path} has no column '{name}'. Expected the columns docs/data-format.md lists. Prepare the dataset again.");
        bool fits = field.ClrType == typeof(T) || (typeof(T) == typeof(string) && field.ClrType == typeof(ReadOnlyMemory<char>));
        return fits && !field.IsArray
            ? field
            : throw new UserErrorException(
                $"{path}: column '{name}' holds {field.ClrType.Name} values, {typeof(T).Name} expected. Prepare the dataset again.");
    }

    private static async Task<string?[]> Strings(ParquetReader reader, ParquetRowGroupReader group, string path, DataField<string> column)
    {
        var values = new string?[group.RowCount];
        await group.ReadAsync(Field<string>(reader, path, column.Name), values.AsMemory()!).ConfigureAwait(false);
        if (!column.IsNullable && Array.IndexOf(values, null) >= 0)
            throw new UserErrorException($"{path}: column '{column.Name}' has empty cells. Prepare the dataset again.");
        return values;
    }

    private static async Task<T[]> Values<T>(ParquetReader reader, ParquetRowGroupReader group, string path, string column) where T : struct
    {
        var field = Field<T>(reader, path, column);
        var values = new T[group.RowCount];
        if (field.IsNullable)
        {
            var nullable = new T?[group.RowCount];
            await group.ReadAsync<T>(field, nullable.AsMemory()).ConfigureAwait(false);
            for (int i = 0; i < values.Length; i++)
                values[i] = nullable[i] ?? throw new UserErrorException($"{path}: column '{column}' has empty cells. Prepare the dataset again.");
        }
        else await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
        return values;
    }
}
