using System.Collections.Concurrent;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;

namespace RadTex.Learning.Export;

/// <summary>How each architecture of <see cref="Encoders"/> becomes an ONNX graph. Another assembly adds its own. Safe from any thread.</summary>
public static class EncoderBodies
{
    private static readonly ConcurrentDictionary<string, EncoderBody> Bodies = new(
    [
        .. ResNet.Names.Select(name => KeyValuePair.Create<string, EncoderBody>(name, ResNetBody.Add)),
        new(DenseNet.Name, DenseNetBody.Add), new(FrozenEncoder.Name, FrozenBody.Add),
        .. VisionTransformer.Known.Keys.Select(name => KeyValuePair.Create<string, EncoderBody>(name, VisionTransformerBody.Add)),
    ]);

    /// <summary>Adds an architecture's body for the life of the process.</summary>
    /// <exception cref="ArgumentException">It has one.</exception>
    public static void Register(string architecture, EncoderBody body)
    {
        if (!Bodies.TryAdd(architecture, body)) throw new ArgumentException($"'{architecture}' has an ONNX body already.", nameof(architecture));
    }

    /// <summary>An architecture's body.</summary>
    /// <exception cref="UserErrorException">It has none.</exception>
    internal static EncoderBody Of(string architecture) => Bodies.TryGetValue(architecture, out var body) ? body : throw new UserErrorException(
        $"Encoders of architecture '{architecture}' have no ONNX form (those that have: "
            + $"{string.Join(", ", Bodies.Keys.Order(StringComparer.Ordinal))}).");
}
