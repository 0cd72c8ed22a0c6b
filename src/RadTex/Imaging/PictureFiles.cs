namespace RadTex.Imaging;

/// <summary>The pictures in a folder and below it, by their names' endings.</summary>
public static class PictureFiles
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".dcm", ".dicom"];

    /// <summary>Paths inside the folder, in the order of their names. Links are not followed, hidden files are passed over.</summary>
    public static string[] In(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        return [.. Directory.EnumerateFiles(folder, "*", options).Where(p => Endings.Contains(Path.GetExtension(p).ToLowerInvariant()))
            .Select(p => Path.GetRelativePath(folder, p)).Order(StringComparer.Ordinal)];
    }
}
