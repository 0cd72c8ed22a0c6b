using RadTex.Studio.Pictures;

namespace RadTex.Studio;

/// <summary>A studio on its way, and what readers see before it is there.</summary>
/// <param name="Work">The caller's to dispose, after the server.</param>
public sealed record StudioOpening(Task<Workplace> Work)
{
    /// <summary>Of a folder that is being prepared; null where a dataset is opened.</summary>
    public FolderPreview? Preview { get; init; }

    /// <summary>What is asked first; null where the findings are known.</summary>
    public StudioSetup? Setup { get; init; }
}
