namespace RadTex.Studio.Imports;

/// <summary>A label as it stands in a file.</summary>
/// <param name="ImageId">Of the radiograph.</param>
/// <param name="Reader">Whose it is; empty where the file does not say.</param>
/// <param name="Finding">What it is of.</param>
/// <param name="Value">What it says; empty for nothing.</param>
/// <param name="Location">Where in the file, for messages.</param>
internal sealed record ImportedRow(string ImageId, string Reader, string Finding, string Value, string Location);
