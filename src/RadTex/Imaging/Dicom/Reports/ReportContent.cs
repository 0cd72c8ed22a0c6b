namespace RadTex.Imaging.Dicom.Reports;

/// <summary>What a structured report of one radiograph says.</summary>
/// <param name="Of">The radiograph.</param>
/// <param name="By">Who says it.</param>
/// <param name="Findings">What is said; none where <see cref="NotJudged"/> says why.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Identity">What makes this report another one than others of the same radiograph; the same texts give the same identifiers.</param>
public sealed record ReportContent(
    ReportSubject Of, ReportObserver By, IReadOnlyList<ReportFinding> Findings, DateTimeOffset Time, params IReadOnlyList<string> Identity)
{
    /// <summary>The model; null where a person says it.</summary>
    public ReportAlgorithm? Algorithm { get; init; }

    /// <summary>Words that stand in the report and in its series' description, such as "Not for diagnostic use"; null for none.</summary>
    public string? Notice { get; init; }

    /// <summary>Why the radiograph was not judged; null where it was.</summary>
    public string? NotJudged { get; init; }

    /// <summary>The report's own identifier.</summary>
    public string SopInstance => DicomContent.UidOf(["report", .. Own]);

    internal string[] Own => [Of.SopInstance, By.Name, By.Version, .. Identity];
}
