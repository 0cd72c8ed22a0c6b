using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>What a dataset says of a radiograph beside its pixels: a row that <see cref="PreparedDatasetWriter"/> takes.</summary>
/// <param name="ImageId">Unique in the dataset.</param>
/// <param name="PatientId">The patient; never empty.</param>
/// <param name="StudyId">The examination.</param>
/// <param name="View">The projection, such as PA, AP or LATERAL; empty where it is not known.</param>
/// <param name="Split">What it is for.</param>
/// <param name="Text">Its report or caption; null or white space for none.</param>
/// <param name="Labels">One value a label name of the dataset, in that order; null where the label is absent.</param>
public sealed record DatasetEntry(
    string ImageId, string PatientId, string StudyId, string View, Split Split, string? Text, IReadOnlyList<double?> Labels);
