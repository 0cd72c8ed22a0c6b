using RadTex.Heads;
using RadTex.Learning.Transfer;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Learning.Testing;

/// <summary>A labelled dataset of toy size whose stripes show the labels, and encoders and plans to match.</summary>
internal static class TinyTransfer
{
    internal const int Side = 32;

    // Below 16 channels torch's float32 convolutions read memory nobody wrote in their backward pass: gradients come out NaN at random.
    internal const int Width = 16;

    internal static TransferTask Stripes { get; } = new("Stripes");

    internal static TransferTask Grade { get; } = new("Grade");

    /// <summary>Two radiographs a patient; of five patients one is for validation and one for test.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="count">Radiographs.</param>
    /// <param name="testSalt">Changes pictures and labels of the test split alone.</param>
    /// <param name="view">The view of a radiograph of stripes or none; null for PA.</param>
    internal static string WriteDataset(string folder, int count = 60, int testSalt = 0, Func<int, CounterRandom, string>? view = null)
    {
        var writer = new PreparedDatasetWriter(["Stripes", "Grade"], Side) { Synthetic = true };
        for (int i = 0; i < count; i++)
        {
            var split = (i / 2 % 5) switch { 3 => Split.Validate, 4 => Split.Test, _ => Split.Train };
            var random = new CounterRandom(5, (ulong)i, (ulong)(split == Split.Test ? testSalt : 0));
            int stripes = random.Below(2), grade = random.Below(3);
            byte[] pixels = [.. Enumerable.Range(0, Side * Side)
                .Select(p => (byte)(60 + (p / Side / 4 % 2) * 60 * stripes + p % Side / 8 % 2 * 30 * grade + random.Below(30)))];
            writer.Add(
                new($"image{i}", $"patient{i / 2}", $"study{i}", view?.Invoke(stripes, new CounterRandom(6, (ulong)i)) ?? "PA", split, null,
                [i % 9 == 8 ? null : stripes, grade]), pixels, Side, Side);
        }
        writer.Write(folder);
        return folder;
    }

    internal static EncoderSource Encoder(int trial) => EncoderSource.Random("resnet18", Width, trial, Side);

    internal static TransferPlan Plan(TransferTask task, PaperRecipe? recipe = null, int trials = 2, params int?[] examples) =>
        new([task], examples.Length > 0 ? examples : [6, 14], trials, Seed: 3, Recipe: recipe ?? new(0.05, 4, BatchSize: 6));
}
