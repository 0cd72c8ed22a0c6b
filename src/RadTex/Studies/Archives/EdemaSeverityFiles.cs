namespace RadTex.Studies.Archives;

/// <summary>
/// The pulmonary edema severity grades of MIMIC-CXR (physionet.org/content/mimic-cxr-pe-severity): 0 none, 1 vascular congestion, 2 interstitial, 3
/// alveolar. They become the labels "consensus edema_severity" (by image), "expert edema_severity" and "regex edema_severity" (by report).
/// </summary>
internal static class EdemaSeverityFiles
{
    private static readonly (string Word, string File)[] Files =
    [
        ("consensus", "consensus_image_edema_severity.csv"), ("expert", "expert_report_edema_severity.csv"),
        ("regex", "regex_report_edema_severity.csv"),
    ];

    /// <summary>Those of the files that are in a folder, as arguments of <see cref="StudyOptions.ExtraLabels"/>; none for no folder.</summary>
    /// <exception cref="UserErrorException">The folder has none of them.</exception>
    public static IReadOnlyList<string> Find(string? folder)
    {
        if (folder is null) return [];
        string[] found = [.. Files.Select(f => (f.Word, Path: ArchiveFiles.Find(folder, f.File))).Where(f => f.Path is not null)
            .Select(f => $"{f.Word}={f.Path}")];
        return found.Length > 0 ? found : throw new UserErrorException(
            $"{folder} has none of {string.Join(", ", Files.Select(f => f.File))}. Expected the folder of MIMIC-CXR's edema severity files "
            + "(physionet.org/content/mimic-cxr-pe-severity); check the setting 'edema'.");
    }
}
