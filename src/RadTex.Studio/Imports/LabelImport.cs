using System.Globalization;
using RadTex.Files;
using RadTex.Studio.Labelling;

namespace RadTex.Studio.Imports;

/// <summary>What a file of labels brought into a project.</summary>
/// <param name="Added">Labels that are new.</param>
/// <param name="Known">Labels that were brought before.</param>
/// <param name="Elsewhere">Labels of radiographs or findings that this project does not ask.</param>
public sealed record LabelImport(int Added, int Known, int Elsewhere)
{
    private const string NoHandle = "imported";
    private const int LongestHandle = 32;

    /// <summary>
    /// Brings labels in: a table (.csv, .parquet) as <c>LabelTable</c> writes it, or with a column for each finding; or .json as Label Studio exports
    /// it. They are events of their own kind: heads learn from them, and figures of the reserve never count them.
    /// </summary>
    /// <exception cref="UserErrorException">The file cannot be read, or no label of it is of this project.</exception>
    public static LabelImport Run(Workplace work, string path)
    {
        int classes = work.Session.Settings.Classes;
        var rows = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? LabelStudioLabels.Read(path) : LabelTableLabels.Read(path, work.Session.Settings.Findings);
        var own = new List<(string Reader, string Finding, string Picture, Answer Answer)>();
        int elsewhere = 0;
        foreach (var row in rows)
        {
            if (row.Value.Length == 0) continue;
            if (!work.Session.Settings.Findings.Contains(row.Finding) || work.PictureOf(row.ImageId) is not { } picture)
            {
                elsewhere++;
                continue;
            }
            own.Add((Handle(row.Reader), row.Finding, picture, Parse(row, classes, path)));
        }
        if (own.Count == 0)
            throw new UserErrorException(
                $"{path} has no label of this project: {elsewhere:N0} are of other radiographs or findings. Expected ids of the dataset's training "
                    + $"radiographs, and the findings {string.Join(", ", work.Session.Settings.Findings)}.");
        int added = work.Session.Import(own, $"SHA-256 {FileHash.Sha256(path)}");
        return new(added, own.Count - added, elsewhere);
    }

    private static Answer Parse(ImportedRow row, int classes, string path)
    {
        var text = row.Value.ToLowerInvariant();
        if (text.StartsWith("grade ", StringComparison.Ordinal) && classes > 2) text = text[6..];
        text = (text, classes) switch
        {
            ("present", 2) => "1",
            ("absent", 2) => "0",
            ("-1" or "-1.0", 2) => Answer.Uncertain.ToString(), // CheXpert's
            _ =>
                double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number == Math.Floor(number)
                ? number.ToString("0", CultureInfo.InvariantCulture) : text,
        };
        try { return Answer.Parse(text, classes); }
        catch (UserErrorException e) { throw new UserErrorException($"{path}, {row.Location}: {e.Message}", e); }
    }

    // A name of a person is not kept.
    private static string Handle(string reader) =>
        reader.Length is > 0 and <= LongestHandle && reader.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? reader : NoHandle;
}
