using System.Text;
using System.Text.Unicode;
using CsvHelper;
using RadTex.Files;

namespace RadTex.Studies.Tables;

/// <summary>A CSV file, gzipped or not.</summary>
internal sealed class CsvTable : Table
{
    /// <summary>A report is a few kilobytes; a record larger than this is an unclosed quote.</summary>
    private const int LargestRecordBytes = 4 << 20;

    private readonly CsvReader reader;

    private CsvTable(string path, CsvReader reader, IReadOnlyList<string> columns) : base(path, columns) => this.reader = reader;

    internal override long Row => reader.LineNumber;

    internal override int CellCount => reader.FieldCount;

    internal override string this[int column]
    {
        get
        {
            if (column >= reader.FieldCount) return "";
            if (Utf8.IsValid(reader.GetSpan(column))) return reader.GetString(column);
            throw new UserErrorException(
                $"{Path}, line {Row}, column '{(column < Columns.Count ? Columns[column] : $"{column + 1}")}': the text is not UTF-8. "
                + "Name the table's encoding, such as windows-1252 or latin1, or save it as UTF-8.");
        }
    }

    internal static new CsvTable Open(string path, Encoding? encoding)
    {
        CsvReader? reader = null;
        try
        {
            Stream stream = RegularFile.OpenRead(path, 1 << 16, FileOptions.SequentialScan);
            if (IsGzip(stream)) stream = new WholeGzipStream(stream);
            // MIMIC's and NIH's tables are comma-separated; other separators are for tables of one's own.
            reader = CsvReader.Create(stream, new CsvReaderOptions
            {
                TrackLineNumbers = true,
                MalformedData = CsvMalformedDataHandling.Throw,
                MaxRecordSize = LargestRecordBytes,
                IncludeValuesInExceptions = false,
                Encoding = encoding, // null for UTF-8; a byte order mark of UTF-16 or UTF-32 decides either way
            });
            reader.ReadHeader();
            if (reader.Headers.Count == 0) throw new UserErrorException($"{path} is empty. Expected a table with a header.");
            for (int i = 0; i < reader.Headers.Count; i++)
            {
                if (reader.Headers[i].Contains('\uFFFD', StringComparison.Ordinal) || TextFile.Fault(reader.Headers[i]) is not null)
                    throw new UserErrorException(
                        $"{path}, line 1, column {i + 1}: the header is not UTF-8. "
                        + "Name the table's encoding, such as windows-1252 or utf-16, or save it as UTF-8.");
            }
            return new CsvTable(path, reader, reader.Headers);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or CsvFormatException or UnauthorizedAccessException)
        {
            reader?.Dispose();
            throw Explain(path, e);
        }
    }

    internal override bool Read()
    {
        try { return reader.Read(); }
        catch (Exception e) when (e is IOException or InvalidDataException or CsvFormatException) { throw Explain(Path, e); }
    }

    public override void Dispose() => reader.Dispose();

    private static UserErrorException Explain(string path, Exception e)
    {
        var line = e is CsvFormatException { LineNumber: > 0 } format ? $", line {format.LineNumber}" : "";
        return new UserErrorException($"{path}{line} cannot be read as a table: {e.Message} Mend the file or fetch it again.", e);
    }

    private static bool IsGzip(Stream stream)
    {
        bool gzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        return gzip;
    }
}
