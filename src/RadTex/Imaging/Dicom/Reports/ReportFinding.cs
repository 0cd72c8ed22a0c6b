namespace RadTex.Imaging.Dicom.Reports;

/// <summary>What a report says of one finding.</summary>
/// <param name="Finding">Which.</param>
/// <param name="Presence">Whether it is there; null where only a probability or a grade is said.</param>
/// <param name="Probability">0 to 1; null for none.</param>
/// <param name="Grade">Null for none.</param>
/// <param name="TrackingId">What it is known by elsewhere, such as a head's name; no patient text.</param>
public sealed record ReportFinding(CodedConcept Finding, CodedConcept? Presence, double? Probability, int? Grade, string TrackingId);
