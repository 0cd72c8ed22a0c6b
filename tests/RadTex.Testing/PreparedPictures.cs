using RadTex.Imaging;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Testing;

/// <summary>A prepared dataset of given picture files.</summary>
internal static class PreparedPictures
{
    /// <summary>Writes row i as image "image{i}" at a short side of 256 px.</summary>
    internal static string Write(string folder, IReadOnlyList<(string Path, string Patient, Split Split)> pictures)
    {
        var reader = new GreyImageReader(256);
        var writer = new PreparedDatasetWriter([], 256);
        for (int i = 0; i < pictures.Count; i++)
        {
            var image = reader.Read(pictures[i].Path);
            writer.Add(
                new($"image{i}", pictures[i].Patient, $"study{i}", "PA", pictures[i].Split, null, []), image.Pixels, image.Height, image.Width);
        }
        writer.Write(folder);
        return folder;
    }
}
