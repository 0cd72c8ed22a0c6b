using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// Every architecture of image encoder by name. Another assembly adds its own with <see cref="Register"/>, before it reads a configuration or a card
/// that names it. Safe from any thread.
/// </summary>
public static class Encoders
{
    private static readonly Lock Adding = new();
    private static IReadOnlyList<EncoderArchitecture> entries =
        [.. ResNet.Architectures, .. DenseNet.Architectures, .. VisionTransformer.Architectures];

    /// <summary>The names that can be built.</summary>
    public static IReadOnlyList<string> Names => [.. entries.Select(e => e.Name)];

    /// <summary>The entry of a name; null where there is none.</summary>
    public static EncoderArchitecture? Find(string? name) => entries.FirstOrDefault(e => e.Name == name);

    /// <summary>Adds an architecture for the life of the process. ONNX export needs its body too: <c>Export.EncoderBodies</c>.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static void Register(EncoderArchitecture architecture)
    {
        lock (Adding)
        {
            if (Find(architecture.Name) is not null)
                throw new ArgumentException($"An encoder named '{architecture.Name}' is registered already.", nameof(architecture));
            entries = [.. entries, architecture];
        }
    }

    /// <summary>Builds an encoder with fresh weights, on the CPU, float32, in training mode. The caller disposes of it.</summary>
    /// <param name="spec">Which.</param>
    /// <param name="generator">The weights are drawn from it; null: from one of seed 0. torch's own is the process's and is left alone.</param>
    /// <exception cref="UserErrorException">It cannot be built; the message lists every fault.</exception>
    public static ImageEncoder Create(EncoderSpec spec, Generator? generator = null)
    {
        if (spec.Faults() is { Count: > 0 } faults)
            throw new UserErrorException($"The encoder cannot be built: {string.Join("; ", faults)}.");
        using var own = generator is null ? new Generator(0) : null;
        return Find(spec.Architecture)!.Create(spec, generator ?? own);
    }
}
