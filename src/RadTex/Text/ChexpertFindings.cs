namespace RadTex.Text;

/// <summary>CheXpert's fourteen observations (Irvin et al. 2019), in the order of mimic-cxr-2.0.0-chexpert.csv.gz.</summary>
public static class ChexpertFindings
{
    /// <summary>The observation that none of the others is there, support devices apart.</summary>
    public const string NoFinding = "No Finding";

    /// <summary>Lines, tubes and implants, which are no disease.</summary>
    public const string SupportDevices = "Support Devices";

    /// <summary>The fourteen names as the column heads of MIMIC-CXR-JPG's tables write them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion", "Lung Opacity",
        NoFinding, "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", SupportDevices,
    ];

    /// <summary>CheXpert's "No Finding": nothing but devices is positive or uncertain.</summary>
    public static bool IsNormal(IEnumerable<KeyValuePair<string, Mention>> mentions) =>
        mentions.All(m => m.Key == SupportDevices || m.Value == Mention.Negative);
}
