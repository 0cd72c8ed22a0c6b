using RadTex.Imaging;
using RadTex.Studies.Archives;

namespace RadTex.Studio.Pictures;

/// <summary>What there is to see of a folder while it is being prepared: its first picture, and how far it is.</summary>
public sealed class FolderPreview : IProgress<ProgressReport>
{
    private const int MostTried = 100, Side = 2048;

    /// <summary>Looks for a picture to show while a folder is prepared.</summary>
    /// <param name="folder">Searched at once, on a thread of its own.</param>
    public FolderPreview(string folder) => Picture = OwnThread.RunAsync(() => First(folder));

    /// <summary>The first picture that can be shown, made smaller; null where none of the first files is one.</summary>
    public Task<FullRadiograph?> Picture { get; }

    /// <summary>How far the preparation is; null before it is known.</summary>
    public ProgressReport? Latest { get; private set; }

    void IProgress<ProgressReport>.Report(ProgressReport value) => Latest = value;

    private static FullRadiograph? First(string folder)
    {
        // Not through links: one may lead out of the folder.
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
        };
        foreach (var path in Directory.EnumerateFiles(folder, "*", all).Where(PictureFolder.IsPicture).Take(MostTried))
        {
            try { return FullRadiographReader.Read(path).Fit(Side, Side); }
            // the next one
            catch (Exception e) when (e is ImageFaultException or UserErrorException or IOException or UnauthorizedAccessException) { }
        }
        return null;
    }
}
