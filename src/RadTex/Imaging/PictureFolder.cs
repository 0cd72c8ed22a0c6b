namespace RadTex.Imaging;

/// <summary>The pictures of a plain folder.</summary>
public static class PictureFolder
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".tif", ".tiff", ".dcm", ".dicom"];

    /// <summary>Paths relative to the folder of the JPEG, PNG, TIFF and DICOM files in it and below, in the order of their names. Links are not followed.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static IReadOnlyList<string> List(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        string[] paths = [.. Directory.EnumerateFiles(folder, "*", options).Where(p => Endings.Contains(Path.GetExtension(p).ToLowerInvariant()))
            .Select(p => Path.GetRelativePath(folder, p)).Order(StringComparer.Ordinal)];
        return paths.Length > 0 ? paths : throw new UserErrorException($"{folder} holds no JPEG, PNG, TIFF or DICOM picture.");
    }
}
