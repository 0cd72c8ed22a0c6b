using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Reading;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Testing;

/// <summary>A captioning model of toy size with a vocabulary of its own, on disk as a run leaves it.</summary>
internal static class TinyReader
{
    internal const int Side = 64;

    internal static readonly WordPieceVocabulary Vocabulary = WordPieceVocabulary.FromPieces(
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "no", "pleural", "eff", "##usion", ".", "there", "is", "edema", "card", "##iomegaly", "small",
        "left", "a",
    ]);

    /// <summary>Writes <c>model/</c> into a run's folder and returns the folder.</summary>
    internal static string Write(string run, WordPieceVocabulary? vocabulary = null)
    {
        vocabulary ??= Vocabulary;
        using var generator = new Generator(1);
        using var model = new RadTexModel(generator: generator, configuration: new ModelConfiguration(
            "resnet18", 1, vocabulary.Count, Hidden: 16, Layers: 2, Heads: 2, Feedforward: 24, MaxTokens: 170, Dropout: 0, 0, vocabulary.StartId,
            vocabulary.EndId, BackboneWidth: 4));
        using (no_grad())
            foreach (var parameter in model.Textual.parameters().Where(p => p.dim() > 1)) parameter.mul_(8);
        ModelFolder.Write(Path.Combine(run, "model"), model, vocabulary, new(model.Configuration, Side, "max", "", "made for a test", true, ""));
        return run;
    }

    /// <summary>Writes radiographs of one patient each, half of them for testing, with two reports by turns.</summary>
    internal static string WriteDataset(string folder, int count)
    {
        var writer = new PreparedDatasetWriter([], Side) { Synthetic = true };
        for (int i = 0; i < count; i++)
        {
            var image = Image(i);
            writer.Add(
                new(image.Name, image.PatientId, $"study {i}", "PA", i % 2 == 0 ? Split.Train : Split.Test,
                i % 4 < 2 ? "No edema." : "There is a small left pleural effusion.", []), image.Pixels.ToArray(), image.Height, image.Width);
        }
        writer.Write(folder);
        return folder;
    }

    internal static ReadingImage Image(int seed, string? truth = null)
    {
        var random = new Random(seed);
        byte[] pixels = [.. Enumerable.Range(0, Side * (Side + 4)).Select(_ => (byte)random.Next(256))];
        return new($"image {seed}", pixels, Side, Side + 4, truth, $"patient {seed}");
    }
}
