namespace RadTex.Studies;

/// <summary>What becomes of an archive's own labels; an absent one always stays absent.</summary>
/// <param name="Uncertain">What becomes of uncertain ones (below 0).</param>
/// <param name="Pathology9">Keep the paper's nine labels only.</param>
public sealed record LabelPolicy(UncertainRule Uncertain = UncertainRule.Ignore, bool Pathology9 = false)
{
    /// <summary>The paper's nine (its co-authors' eval_all_tasks.py): CheXpert's fourteen without the rare ones and No Finding.</summary>
    public static IReadOnlyList<string> Pathologies { get; } =
    [
        "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Lung Opacity", "Pleural Effusion", "Pneumonia", "Pneumothorax", "Support Devices",
    ];

    /// <summary>The policy in words, for a person.</summary>
    public string Description =>
        "absent stays absent, uncertain " + Uncertain switch
        {
            UncertainRule.Zero => "becomes 0",
            UncertainRule.One => "becomes 1",
            _ => "stays -1, which training and tests leave out",
        }
        + (
            Pathology9 ? Uncertain == UncertainRule.Ignore ? "; Pathology9 by the rule of Liao et al.: a task's rows are those of 0 or 1"
                : "; Pathology9, not by the rule of Liao et al." : "");

    /// <summary>The places of the labels that are kept.</summary>
    /// <exception cref="UserErrorException">One of the nine is not among the names.</exception>
    internal int[] Select(IReadOnlyList<string> names) =>
        !Pathology9 ? [.. Enumerable.Range(0, names.Count)]
        : [.. Pathologies.Select(p => names.ToList().IndexOf(p) is >= 0 and int at ? at : throw new UserErrorException(
            $"The setting 'label-set' = pathology9: the source has no label '{p}'. Found: "
                + $"{(names.Count == 0 ? "none" : string.Join(", ", names))}. It is for CheXpert's labels, of MIMIC-CXR or " + "CheXpert."))];

    internal double? Apply(double? label) => label switch
    {
        < 0 => Uncertain switch { UncertainRule.Zero => 0, UncertainRule.One => 1, _ => label },
        _ => label,
    };
}
