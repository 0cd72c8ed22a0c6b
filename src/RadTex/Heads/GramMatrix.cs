namespace RadTex.Heads;

/// <summary>The inner products of a matrix's columns, XᵀX, its lower half by rows, [d, d].</summary>
/// <param name="Values">Row by row; what lies above the diagonal is zero.</param>
/// <param name="Width">d.</param>
/// <param name="Rows">n, over which it was summed.</param>
internal sealed record GramMatrix(double[] Values, int Width, int Rows)
{
    internal static GramMatrix Of(RowMatrix rows)
    {
        var columns = new double[rows.Width * rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            for (int j = 0; j < row.Length; j++) columns[j * rows.Count + i] = row[j];
        }
        var values = new double[rows.Width * rows.Width];
        for (int a = 0; a < rows.Width; a++)
            for (int b = 0; b <= a; b++)
                values[a * rows.Width + b] = RowMatrix.Dot(columns.AsSpan(a * rows.Count, rows.Count), columns.AsSpan(b * rows.Count, rows.Count));
        return new(values, rows.Width, rows.Count);
    }
}
