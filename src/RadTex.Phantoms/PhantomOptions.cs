using System.Text.Json.Serialization;

namespace RadTex.Phantoms;

/// <summary>What a set of phantoms follows from: equal options give equal bytes.</summary>
/// <param name="Count">Radiographs to draw, 1 to 1,000,000. It only says where to stop: phantom i is the same for every count.</param>
/// <param name="Seed">The one seed everything follows from.</param>
/// <param name="ShortSidePixels">
/// The short side of the radiographs, 64 to 1,024 pixels (to 4,096 as DICOM); the long side is up to 1.21 times as long.
/// </param>
/// <param name="Difficulty">
/// 0.1 to 4; 1 is the default whose figures are in docs/results. A finding's contrast goes as Difficulty^-0.7 and its size as Difficulty^-0.35.
/// </param>
/// <param name="ReportStyle">How the Findings section is written.</param>
/// <param name="BalancedByView">
/// Whether the view (AP or PA) is drawn by a coin of its own, so that it tells nothing of any finding; else sicker patients are AP more often, as on
/// a ward. Patients, findings and their courses are the same in both.
/// </param>
/// <param name="DicomBits">
/// 8 to 16: the radiographs are DICOM files of so many bits, in the layout of MIMIC-CXR 2.0.0; 0: JPEG files, in that of MIMIC-CXR-JPG.
/// </param>
public sealed record PhantomOptions(
    int Count,
    ulong Seed = 0,
    int ShortSidePixels = 256,
    double Difficulty = 1,
    PhantomReportStyle ReportStyle = PhantomReportStyle.Radiologist,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool BalancedByView = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int DicomBits = 0)
{
    private const int LargestSide = 1024, LargestDicomSide = 4096;

    /// <summary>Checks every option against its range.</summary>
    /// <exception cref="UserErrorException">An option lies outside its range.</exception>
    public void Validate()
    {
        if (Count is < 1 or > 1_000_000)
            throw new UserErrorException($"The setting 'count' is {Count}. Expected 1 to 1,000,000 radiographs.");
        if (DicomBits is not 0 and (< 8 or > 16))
            throw new UserErrorException($"The setting 'bits' is {DicomBits}. Expected 8 to 16.");
        int largest = DicomBits > 0 ? LargestDicomSide : LargestSide;
        if (ShortSidePixels < 64 || ShortSidePixels > largest)
            throw new UserErrorException($"The setting 'size' is {ShortSidePixels}. Expected a short side of 64 to {largest:N0} pixels.");
        if (!(Difficulty >= 0.1 && Difficulty <= 4)) // also refuses NaN
            throw new UserErrorException($"The setting 'difficulty' is {Difficulty}. Expected 0.1 (plain) to 4 (hardly visible); 1 is the default.");
    }
}
