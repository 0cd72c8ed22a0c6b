using RadTex.Studies;

namespace RadTex.Data;

/// <summary>One row of a prepared dataset: all that is known of a radiograph except its pixels.</summary>
/// <param name="Index">Its place in the dataset, from 0; row order is that of the source.</param>
/// <param name="ImageId">Unique in the dataset.</param>
/// <param name="PatientId">All radiographs of a patient are in one split.</param>
/// <param name="StudyId">The examination; radiographs of a study share report and, in most archives, labels.</param>
/// <param name="View">The projection as the source names it, such as PA or AP; empty where it is not known.</param>
/// <param name="Split">Train, validate or test.</param>
/// <param name="Text">The report text the preparation chose, whitespace collapsed; null where there is none. Never empty.</param>
/// <param name="Labels">One value a label name of the dataset, in that order: null absent, 0 negative, greater than 0 positive (a grade where the
/// label is one), less than 0 uncertain.</param>
/// <param name="ImagePath">Where the picture came from, relative to the source's root.</param>
/// <param name="PixelOffset">Where the pixels start in the flat array of <c>pixels.npy</c>.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
public sealed record PreparedRadiograph(
    int Index,
    string ImageId,
    string PatientId,
    string StudyId,
    string View,
    Split Split,
    string? Text,
    IReadOnlyList<double?> Labels,
    string ImagePath,
    long PixelOffset,
    int Height,
    int Width)
{
    /// <summary>What the study is known by.</summary>
    public StudyKey Study => new(PatientId, StudyId);
}
