using RadTex.Imaging;
using RadTex.Studies;

namespace RadTex.Gating;

/// <summary>What a picture's file or row states of itself; empty where it says nothing.</summary>
/// <param name="View">The projection, such as "PA" or "LL".</param>
/// <param name="BodyPart">DICOM's Body Part Examined, such as "CHEST".</param>
/// <param name="Modality">DICOM's modality, such as "DX".</param>
public sealed record StatedHeader(string View = "", string BodyPart = "", string Modality = "")
{
    private static readonly string[] Chest = ["CHEST", "THORA", "TORAX", "LUNG", "CXR", "RIB", "HEART"];

    // Words of forms that were not filled in.
    private static readonly string[] Nothing =
        ["UNKNOWN", "OTHER", "NONE", "ANY", "UNDEFINED", "UNSPECIFIED", "NOT SPECIFIED", "DEFAULT", "N/A", "NA"];

    /// <summary>What the file of a picture that was read states; empty strings for PNG, JPEG and TIFF, which state nothing.</summary>
    public static StatedHeader Of(GreyImage image) => new(image.View, image.BodyPart, image.Modality);

    /// <summary>Why a picture with this header is not judged; null where the header does not speak against it.</summary>
    public Refusal? Check()
    {
        if (Modality.Length > 0 && !Modalities.IsRadiography(Modality))
            return new(GateRule.Modality, $"its header states modality {Word(Modality)}; expected {Modalities.Expected}");
        if (View.Length > 0 && !Views.IsFrontal(View))
            return new(GateRule.View, $"its header states view {Word(View)}, which is not frontal");
        bool isChest = BodyPart.Length == 0 || Nothing.Contains(BodyPart, StringComparer.OrdinalIgnoreCase)
            || Chest.Any(c => BodyPart.Contains(c, StringComparison.OrdinalIgnoreCase));
        return isChest ? null : new(GateRule.BodyPart, $"its header states body part {Word(BodyPart)}, not the chest");
    }

    // A code of a header is short and plain; anything else could be a name.
    private static string Word(string text) =>
        text.Length <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '_' or '-' or '/') ? text : "(unreadable)";
}
