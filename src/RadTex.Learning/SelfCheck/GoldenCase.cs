using System.Text.Json;
using RadTex.Files;
using RadTex.Learning.Models;

namespace RadTex.Learning.SelfCheck;

/// <summary>
/// A case of golden numbers: the sizes and hyper-parameters to rebuild a model from, and what an independent PyTorch reference
/// computed for it. The form is described in tests/RadTex.Learning.Tests/Golden/README.md.
/// </summary>
internal sealed class GoldenCase
{
    private const long LargestFile = 256L << 20;
    private static readonly JsonSerializerOptions Naming = JsonFormat.Line;

    private GoldenCase(string path, CaseSizes sizes, JsonElement root) => (Path, Sizes, Root) = (path, sizes, root);

    internal string Path { get; }

    internal CaseSizes Sizes { get; }

    /// <summary>The whole file, for the expected numbers.</summary>
    internal JsonElement Root { get; }

    internal ModelConfiguration Model => new(
        Sizes.Backbone, Sizes.Channels, Sizes.Vocab, Sizes.Hidden, Sizes.Layers, Sizes.Heads, Sizes.Feedforward, Sizes.MaxLength,
        Dropout: 0, PaddingToken: 0, Sizes.Sos, Sizes.Eos);

    /// <exception cref="UserErrorException">No such file, no JSON, a field missing or out of range.</exception>
    internal static GoldenCase Read(string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"No golden case at {path}. Expected a JSON file of the form that the golden cases' README gives.");
        if (new FileInfo(path).Length > LargestFile)
            throw new UserErrorException($"{path} is larger than {LargestFile >> 20} MiB; a golden case is far smaller.");
        try
        {
            using var document = JsonDocument.Parse(RegularFile.ReadAllBytes(path), JsonFormat.Tree);
            var root = document.RootElement.Clone();
            var sizes = root.GetProperty("case").Deserialize<CaseSizes>(Naming) ?? throw new JsonException("'case' is null");
            sizes.Check();
            return new(path, sizes, root);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException(
                $"{path} is not a golden case: {e.Message} Expected the form that the golden cases' README gives.", e);
        }
    }

    /// <summary>The captions of the case's formula, start and end tokens included.</summary>
    internal IReadOnlyList<int[]> Captions() => [.. Sizes.Lengths.Select((length, i) => Caption(i, length))];

    private int[] Caption(int i, int length) =>
    [
        Sizes.Sos,
        .. Enumerable.Range(0, length - 2).Select(j => 5 + (int)((7919L * (i + 1) * (j + 3) * (j + 3) + 104729L * j) % (Sizes.Vocab - 5))),
        Sizes.Eos,
    ];

    internal sealed record CaseSizes(
        string Name, double MatrixScale, string Backbone, int Channels, int ImageSize, int Batch, int Vocab, int Hidden, int Layers, int Heads,
        int Feedforward, int MaxLength, int[] Lengths, int Sos, int Eos, int Beam, int PerNodeBeam, int MaxSteps, CaseOptimizer Optimizer,
        double EosBias = 0)
    {
        internal void Check()
        {
            if (Backbone is null || Lengths is null || Optimizer is null) throw new JsonException("'case' lacks backbone, lengths or optimizer.");
            if (ImageSize is < 1 or > 4096) throw new JsonException($"image_size is {ImageSize}, expected 1 to 4096.");
            if (Batch is < 1 or > 1024 || Lengths.Length != Batch)
                throw new JsonException($"batch is {Batch} with {Lengths.Length} lengths, expected 1 to 1024 and as many lengths.");
            if (Lengths.Any(n => n < 2 || n > MaxLength)) throw new JsonException($"a length is outside 2 to max_length {MaxLength}.");
            if (Vocab <= 5) throw new JsonException($"vocab is {Vocab}, expected more than 5.");
            if (Beam < 1 || PerNodeBeam < 1 || MaxSteps < 1) throw new JsonException("beam, per_node_beam and max_steps must be positive.");
            if (Optimizer.Steps is < 0 or > 100_000 || Optimizer.LookaheadSteps < 1)
                throw new JsonException("optimizer.steps must be 0 to 100,000 and lookahead_steps positive.");
        }
    }

    internal sealed record CaseOptimizer(
        double Lr, double LrVisual, double Momentum, double WeightDecay, double Clip, int LookaheadSteps, double LookaheadAlpha,
        long WarmupSteps, long TotalSteps, int Steps);
}
