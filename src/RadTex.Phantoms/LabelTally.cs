using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>
/// The labels a report's own plan implies, in CheXpert's terms: a positive mention outweighs an uncertain one, that a negative one; what is
/// not mentioned is blank. The text is never searched.
/// </summary>
internal sealed class LabelTally
{
    internal const string EnlargedMediastinum = "Enlarged Cardiomediastinum", Fracture = "Fracture";

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
        bool isNormal = ChexpertFindings.IsNormal(mentions);
        return ChexpertFindings.Names.Select(column => column == ChexpertFindings.NoFinding
            ? isNormal ? "1.0" : ""
            : !mentions.TryGetValue(column, out var mention)
            ? ""
            : mention switch { Mention.Positive => "1.0", Mention.Negative => "0.0", _ => "-1.0" });
    }
}
