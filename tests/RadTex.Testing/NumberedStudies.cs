using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Testing;

/// <summary>A prepared dataset as a table gives it that numbers studies within each patient: every patient has one radiograph, of study 1.</summary>
internal static class NumberedStudies
{
    internal const string Text = "No edema.";

    /// <summary>Writes one radiograph of each patient, by turns for training and for testing.</summary>
    internal static string Write(string folder, int patients)
    {
        var writer = new PreparedDatasetWriter([], TinyDataset.ShortSide) { Synthetic = true };
        for (int i = 0; i < patients; i++)
            writer.Add(
                new($"image{i}", $"patient{i}", "1", "PA", i % 2 == 0 ? Split.Train : Split.Test, Text, []),
                TinyDataset.Image(i, TinyDataset.ShortSide * TinyDataset.ShortSide),
                TinyDataset.ShortSide, TinyDataset.ShortSide);
        writer.Write(folder);
        return folder;
    }
}
