using RadTex.Data;
using RadTex.Learning.Pretraining;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Learning.Testing;

/// <summary>A pretraining of toy size: made-up pictures whose brightness pattern and caption say the same.</summary>
internal static class TinyRun
{
    private const int Side = 36;
    private static readonly string[] Words = ["clear", "opaque", "small", "large", "left", "right", "edema", "effusion"];

    /// <summary>Writes radiographs of one patient each, every fourth for validation; each has its own stripes and its own caption.</summary>
    internal static string WriteDataset(string folder, int count = 16, int salt = 0, bool hasTexts = true)
    {
        var writer = new PreparedDatasetWriter(["Edema", "Effusion"], Side) { Synthetic = true };
        for (int i = 0; i < count; i++)
            writer.Add(
                new($"image{i}", $"patient{i}", $"study{i}", "PA", i % 4 == 3 ? Split.Validate : Split.Train, hasTexts ? Caption(i) : null,
                [i % 2, i % 3 == 0 ? null : i % 2]), Image(i, salt), Side, Side + i % 2);
        writer.Write(folder);
        return folder;
    }

    internal static string Caption(int i) =>
        $"The lungs are {Words[i % 2]} with {Words[2 + i % 2]} {Words[4 + i / 2 % 2]} {Words[6 + i / 4 % 2]}{(i % 3 == 0 ? " and no change" : "")}.";

    /// <summary>What makes preset phantom small.</summary>
    internal static readonly string[] Sizes =
    [
        "model.backbone_width=4", "model.hidden=16", "model.heads=2", "model.feedforward=32", "image.size=32", "training.batch_size=4",
        "training.epochs=3", "training.precision=fp32", "log.every_steps=1",
    ];

    internal static PretrainingConfiguration Configuration(params string[] assignments) =>
        ConfigurationReader.Read("phantom", null, [.. Sizes, .. assignments]);

    internal static (CaptioningTask Task, PreparedDataset Dataset) Task(string folder, PretrainingConfiguration configuration)
    {
        var dataset = PreparedDataset.Open(folder);
        var vocabulary = VocabularyBuilder.Build(CaptionCorpus.Read(folder), 200);
        var tokens = CaptionTokens.Make(dataset, new ReportTokenizer(vocabulary));
        return (
            new CaptioningTask(
                configuration, dataset, tokens, CaptioningTask.CreateModel(configuration, configuration.ForVocabulary(vocabulary))),
            dataset);
    }

    internal static IReadOnlyList<int[]> Captions(PreparedDataset dataset, IReadOnlyList<int> indices)
    {
        var tokenizer = new ReportTokenizer(VocabularyBuilder.Build(CaptionCorpus.Read(dataset.Folder), 200));
        return [.. indices.Select(i => tokenizer.Encode(dataset[i].Text!))];
    }

    private static byte[] Image(int i, int salt)
    {
        var random = new CounterRandom(17, (ulong)i, (ulong)salt);
        int width = Side + i % 2, period = 2 + i % 7;
        return [.. Enumerable.Range(0, Side * width)
            .Select(p => (byte)(100 + (p / width / period % 2 == 0 ? 60 : 0) + (p % width / (1 + i % 5) % 2 == 0 ? 40 : 0) + random.Below(20)))];
    }
}
