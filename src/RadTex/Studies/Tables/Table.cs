using System.Text;
using RadTex.Files;

namespace RadTex.Studies.Tables;

/// <summary>A table read row by row: CSV (also gzipped, also with tabs or semicolons) or Parquet. Cells are text; an absent cell is empty.</summary>
internal abstract class Table(string path, IReadOnlyList<string> columns) : IDisposable
{
    internal string Path { get; } = path;

    internal IReadOnlyList<string> Columns { get; } = columns;

    /// <summary>The line of the current row (in Parquet, its number from 1).</summary>
    internal abstract long Row { get; }

    /// <summary>The number of cells the current row has; in a well-formed table, that of the columns.</summary>
    internal abstract int CellCount { get; }

    /// <summary>A cell of the current row; empty past its end.</summary>
    internal abstract string this[int column] { get; }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="UserErrorException">The file is damaged.</exception>
    internal abstract bool Read();

    public abstract void Dispose();

    /// <summary>Opens a table by its ending: .parquet, else CSV.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">Of a CSV, as <see cref="TextFile.ParseEncoding"/> gives it; null for UTF-8.</param>
    /// <exception cref="UserErrorException">The file is missing, empty, no regular file or no table.</exception>
    internal static Table Open(string path, Encoding? encoding = null)
    {
        if (!File.Exists(path)) throw new UserErrorException($"{path} does not exist. Expected a table (CSV, CSV.gz or Parquet); check the path.");
        return path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? ParquetTable.Open(path) : CsvTable.Open(path, encoding);
    }

    /// <summary>
    /// The place of the first of several names for a column, or -1. Surrounding space does not matter, nor does case where one column alone has the
    /// name.
    /// </summary>
    /// <exception cref="UserErrorException">Two columns have the name.</exception>
    internal int Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Find(name, StringComparison.Ordinal) is >= 0 and int exact) return exact;
            else if (Find(name, StringComparison.OrdinalIgnoreCase) is >= 0 and int alike) return alike;
        return -1;
    }

    private int Find(string name, StringComparison comparison)
    {
        int found = -1;
        for (int i = 0; i < Columns.Count; i++)
        {
            if (!string.Equals(Columns[i].Trim(), name, comparison)) continue;
            if (found >= 0)
                throw new UserErrorException(
                    $"{Path} has two columns '{Columns[i].Trim()}' (columns {found + 1} and {i + 1}), which may say different "
                        + "things. Rename or delete one.");
            found = i;
        }
        return found;
    }

    /// <summary>The place of a column the table must have.</summary>
    /// <exception cref="UserErrorException">It has not; the message names the columns it has.</exception>
    internal int Require(string name, string? cure = null)
    {
        int column = Find(name);
        if (column >= 0) return column;
        var known = string.Join(", ", Columns.Take(30)) + (Columns.Count > 30 ? ", ..." : "");
        throw new UserErrorException($"{Path} has no column '{name}'. Found: {known}. {cure ?? "Expected the archive's own file, unchanged."}");
    }

    /// <summary>Whether the current row has another number of cells than the header; if so it is added to the rejects.</summary>
    internal bool RejectUneven(string name, string imageId, List<Reject> rejects)
    {
        if (CellCount == Columns.Count) return false;
        rejects.Add(new Reject(name, Row, imageId, RejectReason.MalformedRow, $"{CellCount} cells, {Columns.Count} expected"));
        return true;
    }

    /// <summary>The numbers of the current row in some columns; <paramref name="bad"/> is the last column that holds none, or -1.</summary>
    /// <exception cref="UserErrorException">A cell is no number, and such rows are not to be left out.</exception>
    internal double?[] ReadLabels(IReadOnlyList<int> columns, bool skipBadLabels, out int bad)
    {
        var values = new double?[columns.Count];
        bad = -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (LabelValue.TryParse(this[columns[i]], out values[i])) continue;
            if (!skipBadLabels) throw LabelValue.Fault(Path, Row, Columns[columns[i]], this[columns[i]]);
            bad = columns[i];
        }
        return values;
    }
}
