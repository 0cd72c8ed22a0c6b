using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>A cell of the tables.</summary>
/// <param name="Initialisation">The row.</param>
/// <param name="Head">paper, logistic or fine-tuned.</param>
/// <param name="Examples">Labels; null for all.</param>
public sealed record TableCell(string Initialisation, string Head, int? Examples)
{
    /// <summary>As pages name it: row, head and number of labels.</summary>
    public override string ToString() => $"{Initialisation} ({Head}), {TransferFiles.Name(Examples)} labels";
}
