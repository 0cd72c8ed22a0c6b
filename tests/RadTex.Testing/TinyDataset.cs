using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Testing;

/// <summary>A prepared dataset of a few made-up radiographs, for the tests of every room that reads one.</summary>
internal static class TinyDataset
{
    internal const int ShortSide = 8;

    internal static readonly string[] Labels = ["Edema", "Lung Opacity"];

    /// <summary>
    /// Writes <paramref name="count"/> radiographs, two a patient, patients cycling through the splits; pixel p of image i is (i * 31 + p) mod 256.
    /// </summary>
    internal static string Write(string folder, int count = 12)
    {
        var writer = new PreparedDatasetWriter(Labels, ShortSide) { Synthetic = true };
        for (int i = 0; i < count; i++)
        {
            int patient = i / 2, width = ShortSide + i % 3;
            double?[] labels = [i % 4 == 0 ? null : i % 4 - 2, i % 2];
            writer.Add(
                new($"image{i}", $"patient{patient}", $"study{i}", i % 2 == 0 ? "PA" : "AP", (Split)(patient % 3),
                i % 5 == 0 ? null : $"Finding number {i}.",
                labels), Image(i, ShortSide * width), ShortSide, width);
        }
        writer.Write(folder);
        return folder;
    }

    internal static byte[] Image(int index, int length) => Enumerable.Range(0, length).Select(p => (byte)(index * 31 + p)).ToArray();
}
