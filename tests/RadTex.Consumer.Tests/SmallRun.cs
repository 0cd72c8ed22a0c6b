using RadTex.Learning.Pretraining;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Consumer.Tests;

/// <summary>A dataset and a pretraining of toy size, by public members alone.</summary>
internal static class SmallRun
{
    internal const int Side = 36;

    /// <summary>Writes sixteen striped pictures of a patient each, every fourth for validation, with a caption and a label.</summary>
    internal static string WriteDataset(string folder)
    {
        var writer = new PreparedDatasetWriter(["Edema"], Side) { Synthetic = true };
        for (int i = 0; i < 16; i++)
        {
            var pixels = new byte[Side * Side];
            for (int p = 0; p < pixels.Length; p++)
                pixels[p] = (byte)(60 + 60 * (i % 2) * (p / Side % 2) + 60 * (p / Side / (2 + i % 5) % 2) + p * 11 % 30);
            writer.Add(
                new($"image{i}", $"patient{i}", $"study{i}", "PA", i % 4 == 3 ? Split.Validate : Split.Train,
                $"The lungs are {(i % 2 == 0 ? "clear" : "opaque")}.", [i % 2]), pixels, Side, Side);
        }
        writer.Write(folder);
        return folder;
    }

    internal static PretrainingConfiguration Configuration(params string[] assignments) => ConfigurationReader.Read("phantom", null,
    [
        "model.backbone_width=4", "model.hidden=16", "model.heads=2", "model.feedforward=32", "image.size=32", "training.batch_size=4",
        "training.epochs=6", "training.precision=fp32", "log.every_steps=1", "optimizer.visual_rate=0.01", "optimizer.textual_rate=0.01",
        .. assignments,
    ]);
}
