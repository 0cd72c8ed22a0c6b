using System.Globalization;
using Parquet;
using Parquet.Schema;
using RadTex.Files;

namespace RadTex.Studies.Tables;

/// <summary>
/// A Parquet file; text, whole numbers, floating-point numbers and booleans are read, other columns only refuse when they are asked for.
/// </summary>
internal sealed class ParquetTable : Table
{
    private readonly ParquetReader reader;
    private readonly DataField[] fields;
    private readonly string?[]?[] cells;
    private int group = -1, rowInGroup = -1;
    private long row;

    private ParquetTable(string path, ParquetReader reader, DataField[] fields) : base(path, fields.Select(f => f.Name).ToArray())
    {
        this.reader = reader;
        this.fields = fields;
        cells = new string?[]?[fields.Length];
    }

    internal override long Row => row;

    internal override int CellCount => fields.Length;

    internal override string this[int column] => (cells[column] ??= ReadColumn(fields[column]))[rowInGroup] ?? "";

    internal static ParquetTable Open(string path)
    {
        RegularFile.Require(path);
        try
        {
            var reader = ParquetReader.CreateAsync(path).GetAwaiter().GetResult();
            return new ParquetTable(path, reader, reader.Schema.DataFields);
        }
#pragma warning disable CA1031 // the Parquet reader throws many kinds at a damaged file
        catch (Exception e) when (e is not OutOfMemoryException) { throw Explain(path, e); }
#pragma warning restore CA1031
    }

    internal override bool Read()
    {
        rowInGroup++;
        while (group < 0 || rowInGroup >= reader.RowGroups[group].RowCount)
        {
            if (group + 1 >= reader.RowGroupCount) return false;
            group++;
            rowInGroup = 0;
            Array.Clear(cells);
        }
        row++;
        return true;
    }

    public override void Dispose() => reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private string?[] ReadColumn(DataField field)
    {
        try
        {
            var type = field.ClrType;
            return type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? Strings(field)
                : type == typeof(double) ? Values<double>(field)
                : type == typeof(float) ? Values<float>(field)
                : type == typeof(long) ? Values<long>(field)
                : type == typeof(int) ? Values<int>(field)
                : type == typeof(short) ? Values<short>(field)
                : type == typeof(sbyte) ? Values<sbyte>(field)
                : type == typeof(byte) ? Values<byte>(field)
                : type == typeof(bool) ? Values<bool>(field)
                : throw new UserErrorException(
                    $"{Path}: column '{field.Name}' holds {type.Name} values. Expected text, numbers or booleans. Write that column "
                        + "as one of these.");
        }
#pragma warning disable CA1031 // as above
        catch (Exception e) when (e is not (UserErrorException or OutOfMemoryException)) { throw Explain(Path, e); }
#pragma warning restore CA1031
    }

    private string?[] Strings(DataField field)
    {
        var values = new string?[reader.RowGroups[group].RowCount];
        reader.RowGroups[group].ReadAsync(field, values.AsMemory()!).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private string?[] Values<T>(DataField field) where T : struct
    {
        var rows = reader.RowGroups[group];
        var nullable = new T?[rows.RowCount];
        if (field.IsNullable) rows.ReadAsync<T>(field, nullable.AsMemory()).AsTask().GetAwaiter().GetResult();
        else
        {
            var values = new T[rows.RowCount];
            rows.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            nullable = Array.ConvertAll(values, v => (T?)v);
        }
        return Array.ConvertAll(nullable, v => Convert.ToString(v, CultureInfo.InvariantCulture));
    }

    private static UserErrorException Explain(string path, Exception e) =>
        new($"{path} cannot be read as a Parquet table: {e.Message} Write the file again.", e);
}
