using System.Globalization;
using RadTex.Studies.Tables;

namespace RadTex.Data;

/// <summary>
/// A score of each radiograph from a table, such as what a text decoder says of a finding without any label: <c>image_id</c> or <c>path</c>, and a
/// column of the finding's name or <c>score</c>.
/// </summary>
internal static class ScoreTable
{
    private const string Score = "score";

    /// <summary>The scores in the order of the radiographs; one that is missing is the median of the others.</summary>
    /// <exception cref="UserErrorException">The table is none, or holds less than half of the radiographs.</exception>
    internal static IReadOnlyList<double> Read(string path, IReadOnlyList<PreparedRadiograph> radiographs, string finding)
    {
        using var table = Table.Open(path);
        int key = table.Find("image_id", "path");
        if (key < 0) key = table.Require("image_id", "Expected image_id or path, and a score.");
        int column = table.Find(finding, Score);
        if (column < 0) column = table.Require(Score, $"Expected a column '{Score}' or '{finding}'.");
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        while (table.Read())
        {
            if (table[column].Trim() is not { Length: > 0 } text) continue;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) || !double.IsFinite(score))
                throw new UserErrorException($"{path}, row {table.Row}: '{PrintableText.Of(text)}' is no score. Expected a finite number.");
            known[table[key].Trim()] = score;
        }
        double?[] found = [.. radiographs.Select(r => known.TryGetValue(r.ImageId, out double score) || known.TryGetValue(r.ImagePath, out score)
            ? score : (double?)null)];
        double[] sorted = [.. found.OfType<double>().Order()];
        if (2 * sorted.Length < radiographs.Count || sorted.Length == 0)
            throw new UserErrorException(
                $"{path} has scores of {sorted.Length:N0} of {radiographs.Count:N0} radiographs. Expected them of all: check "
                    + "that its ids or paths are the "
                    + "dataset's.");
        return [.. found.Select(f => f ?? sorted[sorted.Length / 2])];
    }
}
