namespace RadTex.Imaging.Dicom.Reports;

/// <summary>The model behind a report's numbers (PS3.16, TID 4019; IHE AI Results, contributing equipment).</summary>
/// <param name="Name">Such as "chest-1".</param>
/// <param name="Version">The model file's SHA-256.</param>
/// <param name="Parameters">What else decides its numbers, such as "ONNX Runtime, float32".</param>
public sealed record ReportAlgorithm(string Name, string Version, string Parameters);
