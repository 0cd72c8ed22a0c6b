namespace RadTex.Phantoms;

/// <summary>How a sentence speaks of a finding.</summary>
internal enum Mention
{
    Negative,
    Uncertain,
    Positive,
}

/// <summary>
/// The labels a report's own plan implies, in CheXpert's terms: a positive mention outweighs an uncertain one, that a negative one; what is
/// not mentioned is blank. The text is never searched.
/// </summary>
internal sealed class LabelTally
{
    /// <summary>The fourteen columns in the order of mimic-cxr-2.0.0-chexpert.csv.gz.</summary>
    internal static readonly string[] Columns =
    [
        "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion", "Lung Opacity",
        "No Finding", "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices",
    ];

    internal const string EnlargedMediastinum = "Enlarged Cardiomediastinum", Fracture = "Fracture", NoFinding = "No Finding";

    private readonly Dictionary<string, Mention> mentions = [];

    internal void Add(string column, Mention mention)
    {
        if (!mentions.TryGetValue(column, out var before) || mention > before) mentions[column] = mention;
    }

    internal void Add(PhantomFinding finding, Mention mention) => Add(finding.Name(), mention);

    internal Mention? Of(PhantomFinding finding) => mentions.TryGetValue(finding.Name(), out var mention) ? mention : null;

    /// <summary>The cells of the row as MIMIC writes them: "1.0", "0.0", "-1.0" or empty.</summary>
    internal IEnumerable<string> Cells()
    {
        // CheXpert's "No Finding": nothing but devices is positive or uncertain.
        bool isNormal = mentions.All(m => m.Key == PhantomFinding.SupportDevices.Name() || m.Value == Mention.Negative);
        return Columns.Select(column => column == NoFinding
            ? isNormal ? "1.0" : ""
            : !mentions.TryGetValue(column, out var mention) ? "" : mention switch { Mention.Positive => "1.0", Mention.Negative => "0.0", _ => "-1.0" });
    }
}
