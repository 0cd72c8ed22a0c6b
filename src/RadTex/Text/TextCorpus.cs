using System.Text;
using RadTex.Files;
using RadTex.Studies.Tables;

namespace RadTex.Text;

/// <summary>Texts from a file of the user's: one a line, or one column of a table.</summary>
public static class TextCorpus
{
    /// <summary>A longer text is no radiology report: the file is another one than the user thinks.</summary>
    private const int MaxTextCharacters = 1 << 20;

    /// <summary>The column read where the user names none.</summary>
    public const string DefaultColumn = "text";

    /// <summary>The non-empty texts of a file: the column of a table (.csv, .csv.gz, .parquet), else the lines of a text file.</summary>
    /// <exception cref="UserErrorException">While reading: the file is missing or damaged, or the table lacks the column.</exception>
    public static IEnumerable<string> Read(string path, string column = DefaultColumn, Encoding? encoding = null) =>
        Array.Exists([".csv", ".csv.gz", ".parquet"], (string e) => path.EndsWith(e, StringComparison.OrdinalIgnoreCase))
            ? ReadColumn(path, column, encoding)
            : ReadLines(path, encoding);

    /// <summary>The non-empty cells of a table's column, read as they are asked for.</summary>
    /// <exception cref="UserErrorException">While reading: the table is missing or damaged, or lacks the column.</exception>
    public static IEnumerable<string> ReadColumn(string path, string column, Encoding? encoding = null)
    {
        using var table = Table.Open(path, encoding);
        int index = table.Require(column, "Name the column that holds the texts with the setting 'column'.");
        while (table.Read())
        {
            if (!string.IsNullOrWhiteSpace(table[index])) yield return table[index];
        }
    }

    /// <summary>The non-empty lines of a text file, gzipped where the name ends in ".gz", read as they are asked for.</summary>
    /// <exception cref="UserErrorException">While reading: the file is missing or damaged, or a line is too long.</exception>
    public static IEnumerable<string> ReadLines(string path, Encoding? encoding = null)
    {
        using var reader = Open(path, encoding);
        long line = 0;
        foreach (var text in Lines(reader, path))
        {
            line++;
            if (TextFile.Fault(text) is { } fault)
                throw new UserErrorException(
                    $"{path} line {line:N0} is {fault}. Expected a text file with one text a line, a table or a prepared dataset.");
            if (!string.IsNullOrWhiteSpace(text)) yield return text;
        }
    }

    private static StreamReader Open(string path, Encoding? encoding)
    {
        try
        {
            return TextFile.Open(path, encoding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UserErrorException(
                $"Cannot read {path}: {e.Message} Expected a prepared dataset folder, a table, or a text file with one text a line.", e);
        }
    }

    private static IEnumerable<string> Lines(StreamReader reader, string path)
    {
        var buffer = new char[16_384];
        var line = new StringBuilder();
        long lineNumber = 1;
        while (Guarded(path, () => reader.Read(buffer, 0, buffer.Length)) is > 0 and int read)
        {
            // Not ReadLine: a file without line breaks would be one string of any size.
            for (int start = 0; start < read;)
            {
                int end = Array.IndexOf(buffer, '\n', start, read - start);
                line.Append(buffer, start, (end < 0 ? read : end) - start);
                if (line.Length > MaxTextCharacters)
                    throw new UserErrorException(
                        $"{path} line {lineNumber:N0} is longer than {MaxTextCharacters:N0} characters. Expected a text file with one "
                            + "report a line.");
                if (end < 0) break;
                yield return line.ToString();
                line.Clear();
                lineNumber++;
                start = end + 1;
            }
        }
        yield return line.ToString();
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try { return read(); }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new UserErrorException($"Cannot read {path}: {e.Message} Fetch the file again.", e);
        }
    }
}
