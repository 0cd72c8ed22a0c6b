using System.Text.Json.Serialization;
using RadTex.Learning.Models.Encoders;

namespace RadTex.Learning.Models;

/// <summary>The sizes of a captioning model. The defaults are the paper's (section 2.1 and VirTex's base configuration).</summary>
/// <param name="Backbone">One of <see cref="Encoders.Encoders.Names"/>.</param>
/// <param name="Channels">Image channels C: 1 (the paper) or 3.</param>
/// <param name="VocabularySize">Tokens in the vocabulary V.</param>
/// <param name="Hidden">Width D of the textual head.</param>
/// <param name="Layers">Decoder layers in each direction.</param>
/// <param name="Heads">Attention heads H; divides <paramref name="Hidden"/>.</param>
/// <param name="Feedforward">Width of the feed-forward layers.</param>
/// <param name="MaxTokens">Longest caption in tokens, [CLS] and [SEP] included.</param>
/// <param name="Dropout">Dropout of embedding, attention, residual and feed-forward.</param>
/// <param name="PaddingToken">Token never predicted nor embedded.</param>
/// <param name="StartToken">[CLS].</param>
/// <param name="EndToken">[SEP].</param>
/// <param name="BackboneWidth">Its width; 64 is torchvision's.</param>
public sealed record ModelConfiguration(
    string Backbone = "resnet50",
    int Channels = 1,
    int VocabularySize = 31_090,
    int Hidden = 1024,
    int Layers = 1,
    int Heads = 16,
    int Feedforward = 4096,
    int MaxTokens = 170,
    double Dropout = 0.1,
    int PaddingToken = 0,
    int StartToken = 102,
    int EndToken = 103,
    int BackboneWidth = 64)
{
    /// <summary>Side S of the images in pixels. Cards say it once, beside the model.</summary>
    [JsonIgnore]
    public int ImageSize { get; init; } = 256;

    /// <summary>The image encoder.</summary>
    [JsonIgnore]
    public EncoderSpec Encoder => new(Backbone, BackboneWidth, Channels, ImageSize);

    /// <summary>Returns this configuration, or reports every fault in it together.</summary>
    /// <exception cref="UserErrorException">A size is out of range; the message lists all.</exception>
    public ModelConfiguration Validated() =>
        Faults() is { Count: > 0 } faults ? throw new UserErrorException($"The model cannot be built: {string.Join("; ", faults)}.") : this;

    /// <summary>Every size out of range, in words; empty where the model can be built.</summary>
    internal IReadOnlyList<string> Faults()
    {
        var faults = new List<string>(Encoder.Faults());
        void Require(bool good, string fault)
        {
            if (!good) faults.Add(fault);
        }
        Require(VocabularySize is >= 5 and <= 10_000_000, $"vocabulary of {VocabularySize} tokens (expected 5 to 10,000,000)");
        Require(Hidden is >= 1 and <= 16_384, $"hidden {Hidden} (expected 1 to 16,384)");
        Require(Layers is >= 1 and <= 128, $"layers {Layers} (expected 1 to 128)");
        Require(Heads >= 1 && Hidden % Math.Max(1, Heads) == 0, $"heads {Heads} (expected a divisor of hidden {Hidden})");
        Require(Feedforward is >= 1 and <= 131_072, $"feedforward {Feedforward} (expected 1 to 131,072)");
        Require(MaxTokens is >= 2 and <= 8_192, $"maximum of {MaxTokens} tokens (expected 2 to 8,192)");
        Require(Dropout is >= 0 and < 1, $"dropout {Dropout} (expected 0 to below 1)");
        foreach (var (name, token) in new[] { ("padding", PaddingToken), ("start", StartToken), ("end", EndToken) })
            Require(token >= 0 && token < VocabularySize, $"{name} token {token} (expected 0 to {VocabularySize - 1})");
        return faults;
    }
}
