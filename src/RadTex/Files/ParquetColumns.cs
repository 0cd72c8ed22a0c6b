using Parquet;
using Parquet.Schema;

namespace RadTex.Files;

/// <summary>The way a Parquet table is written: its columns, each with where its values come from, then groups of rows. Zstandard.</summary>
/// <typeparam name="TRow">What a row is made of.</typeparam>
internal sealed class ParquetColumns<TRow>
{
    private readonly List<(DataField Field, Func<ParquetRowGroupWriter, IReadOnlyList<TRow>, Task> Write)> columns = [];

    /// <summary>Adds a column of words; the field says whether they may be null.</summary>
    internal ParquetColumns<TRow> Text(DataField<string> field, Func<TRow, string?> value)
    {
        columns.Add((field, async (group, rows) => await group.WriteAsync(field, [.. rows.Select(value)!]).ConfigureAwait(false)));
        return this;
    }

    /// <summary>Adds a column of values, none null.</summary>
    internal ParquetColumns<TRow> Value<T>(DataField<T> field, Func<TRow, T> value) where T : struct
    {
        columns.Add((field, async (group, rows) => await group.WriteAsync<T>(field, rows.Select(value).ToArray()).ConfigureAwait(false)));
        return this;
    }

    /// <summary>Adds a column of values that may be null.</summary>
    internal ParquetColumns<TRow> Optional<T>(DataField<T?> field, Func<TRow, T?> value) where T : struct
    {
        columns.Add((field, async (group, rows) => await group.WriteAsync<T>(field, rows.Select(value).ToArray()).ConfigureAwait(false)));
        return this;
    }

    /// <summary>Writes the table, a row group each of <paramref name="groups"/>, which are asked for one at a time.</summary>
    internal void Write(Stream stream, IEnumerable<IReadOnlyList<TRow>> groups) => WriteAsync(stream, groups).GetAwaiter().GetResult();

    private async Task WriteAsync(Stream stream, IEnumerable<IReadOnlyList<TRow>> groups)
    {
        var schema = new ParquetSchema([.. columns.Select(c => c.Field)]);
        var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd })
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var rows in groups)
            {
                using var group = writer.CreateRowGroup();
                foreach (var column in columns) await column.Write(group, rows).ConfigureAwait(false);
            }
        }
    }
}
