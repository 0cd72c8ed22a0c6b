namespace RadTex.Phantoms;

/// <summary>The column names of <see cref="PhantomFinding"/>, as MIMIC-CXR-JPG's label tables write them.</summary>
public static class PhantomFindings
{
    /// <summary>The nine names, indexed by <see cref="PhantomFinding"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Lung Opacity",
        "Pleural Effusion", "Pneumonia", "Pneumothorax", "Support Devices",
    ];

    /// <summary>The finding's column name, such as "Lung Opacity": its entry in <see cref="Names"/>.</summary>
    public static string Name(this PhantomFinding finding) => Names[(int)finding];
}
