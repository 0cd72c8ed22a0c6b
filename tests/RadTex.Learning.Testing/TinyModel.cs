using RadTex.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Testing;

/// <summary>A model small enough for a test.</summary>
internal static class TinyModel
{
    internal static readonly ModelConfiguration Configuration = new(
        Backbone: "resnet18", VocabularySize: 37, Hidden: 24, Layers: 2, Heads: 3, Feedforward: 40, MaxTokens: 12, Dropout: 0,
        StartToken: 2, EndToken: 3, BackboneWidth: 4);

    internal static RadTexModel Build(long seed = 1, ScalarType type = ScalarType.Float64)
    {
        using var generator = new Generator((ulong)seed);
        var model = new RadTexModel(Configuration, generator: generator);
        model.to(type);
        return model;
    }
}
