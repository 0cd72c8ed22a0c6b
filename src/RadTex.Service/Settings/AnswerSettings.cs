namespace RadTex.Service.Settings;

/// <summary>What is made of a DICOM instance beside the JSON.</summary>
public sealed record AnswerSettings
{
    /// <summary>A structured report.</summary>
    public bool Report { get; init; } = true;

    /// <summary>Findings of which a Secondary Capture with the class map is made.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];
}
