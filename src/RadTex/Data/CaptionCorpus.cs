using System.Text;
using RadTex.Files;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Data;

/// <summary>The captions a vocabulary is built from or measured on, whatever the user names: prepared datasets, tables, text files.</summary>
public static class CaptionCorpus
{
    /// <summary>
    /// The captions of a source, read as they are asked for. Of a prepared dataset: those of the training split, one a study
    /// (radiographs of a study share their text). A vocabulary must not know the words of the data it is tested on.
    /// </summary>
    /// <param name="source">A prepared dataset's folder, a table (.csv, .csv.gz, .parquet) or a text file with one caption a line.</param>
    /// <param name="column">The column of a table.</param>
    /// <param name="encoding">Of a table or text file, as <see cref="TextFile.ParseEncoding"/> gives it; null for UTF-8.</param>
    /// <exception cref="UserErrorException">While reading: the source is missing, damaged, lacks the column, or is a dataset without training
    /// text.</exception>
    public static IEnumerable<string> Read(string source, string column = TextCorpus.DefaultColumn, Encoding? encoding = null) =>
        Directory.Exists(source) ? OfDataset(source) : TextCorpus.Read(source, column, encoding);

    private static IEnumerable<string> OfDataset(string folder)
    {
        using var dataset = PreparedDataset.Open(folder);
        var seen = new HashSet<(int Study, string Text)>();
        foreach (int index in dataset.IndicesOf(Split.Train))
        {
            var radiograph = dataset[index];
            if (radiograph.Text is { } text && seen.Add((dataset.Studies.StudyOf(index), text))) yield return text;
        }
        if (seen.Count == 0)
            throw new UserErrorException(
                $"{folder} has no text in its training split. Prepare it from a source with reports, or with another setting 'text'.");
    }
}
