using System.Runtime.InteropServices;
using System.Text.Json;
using RadTex.Imaging.Transforms;

namespace RadTex.Prediction.Onnx;

/// <summary>
/// What a model made of a fixed picture when it was exported. It is run again whenever the model is opened: another processor or runtime must give
/// the same.
/// </summary>
/// <param name="Features">[F].</param>
/// <param name="Probabilities">[K]; empty for an encoder alone.</param>
public sealed record ModelSelfTest(float[] Features, float[] Probabilities)
{
    /// <summary>Largest deviation in float32: of features relative to the largest one, of probabilities as they are.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>The same in int8, whose sums processors round in their own ways; those that saturate are off by more.</summary>
    public const double Int8Tolerance = 0.05;

    internal const string Key = "radtex.self_test";
    private const ulong Seed = 23;

    /// <summary>What an opened model makes of it.</summary>
    internal static ModelSelfTest Of(OnnxModel model)
    {
        var found = model.Run(
            Image(model.Input), 1, model.Notes.Outputs.Count > 0 ? [ModelTensors.Features, ModelTensors.Probabilities] : [ModelTensors.Features]);
        return new(found[0], found.Length > 1 ? found[1] : []);
    }

    internal void AddTo(ModelProto model) => model.MetadataProps.Add(new StringStringEntryProto
    {
        Key = Key,
        // base64 of little-endian float32: not every float is a JSON number
        Value = JsonSerializer.Serialize(new Stored(Text(Features), Text(Probabilities))),
    });

    /// <exception cref="UserErrorException">The model has none.</exception>
    internal static ModelSelfTest Read(IReadOnlyDictionary<string, string> metadata, string path)
    {
        try
        {
            return metadata.TryGetValue(Key, out var text)
                && JsonSerializer.Deserialize<Stored>(text) is { Features: not null, Probabilities: not null } stored
                ? new(Values(stored.Features), Values(stored.Probabilities)) : throw new JsonException("it has none");
        }
        catch (Exception e) when (e is JsonException or FormatException
            or ArgumentException)
        { throw new UserErrorException($"{path} has no self-test that can be run: {e.Message} Export it again.", e); }
    }

    /// <exception cref="UserErrorException">What was found deviates by more than the tolerance.</exception>
    internal void Check(ModelSelfTest found, double tolerance, string path)
    {
        double off = Math.Max(Deviation(Features, found.Features), Deviation(Probabilities, found.Probabilities));
        if (!(off <= tolerance))
            throw new UserErrorException(
                $"{path} does not give here what it gave when it was exported: its self-test is off by {off:0.0e+0}, tolerance {tolerance:0e+0}. "
                + $"{(tolerance == Int8Tolerance ? "int8 needs a processor with VNNI; export float32 for this one." : "Export it again.")}");
    }

    /// <summary>A picture like nothing in particular: a slope with noise, through the model's own scaling.</summary>
    internal static float[] Image(RadiographInput input)
    {
        int side = input.ImageSize;
        byte[] pixels = [.. Enumerable.Range(0, side * side)
            .Select(p => (byte)(new CounterRandom(Seed, (ulong)p).UniformDouble() * 128 + 127.0 * (p / side) / side))];
        var values = new float[input.Length];
        input.Fill(pixels, side, side, AffineMap.Identity, Interpolation.Bilinear, values);
        return values;
    }

    /// <summary>The largest deviation, relative to the largest expected value where that is above 1; infinite where one is no number.</summary>
    internal static double Deviation(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        if (expected.Length != found.Length) return double.PositiveInfinity;
        double largest = 1, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            double off = Math.Abs((double)expected[i] - found[i]);
            worst = off <= worst ? worst : double.IsNaN(off) ? double.PositiveInfinity : off;
        }
        return worst / largest;
    }

    private static string Text(float[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(values));

    private static float[] Values(string text) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray();

    private sealed record Stored(string Features, string Probabilities);
}
