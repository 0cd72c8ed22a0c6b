namespace RadTex.Imaging;

/// <summary>DICOM's modalities of plain radiography; DR is an old name of DX.</summary>
internal static class Modalities
{
    private static readonly string[] Radiography = ["CR", "DX", "DR"];

    /// <summary>Their names, for messages.</summary>
    public static string Expected { get; } = string.Join(", ", Radiography);

    public static bool IsRadiography(string modality) => Radiography.Contains(modality);
}
