using System.Runtime.InteropServices;
using System.Text.Json;
using RadTex.Files;
using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// A <see cref="TrainingLikeness"/> as text, the same beside an encoder, beside heads (<c>likeness.json</c>) and in an exported model's
/// metadata: a JSON object whose arrays are base64 of little-endian float32. With 128 features 300 kB, with 2,048 1.5 MB.
/// </summary>
internal static class LikenessFile
{
    public const string Name = "likeness.json";

    /// <summary>What is longer is not read.</summary>
    public const int MostBytes = 8 << 20;

    private const int MostFeatures = 1 << 14;

    public static string ToText(TrainingLikeness likeness) => JsonSerializer.Serialize(
        new Document(
            likeness.Card, PictureShape.Side, Pack(Array.ConvertAll(likeness.Typical, v => (float)v)),
            Pack(likeness.Components.Mean), Pack(likeness.Components.Basis),
            Pack(likeness.Distribution.Means), Pack(likeness.Distribution.Deviations),
            Pack(likeness.Distribution.Basis), Pack(likeness.Distribution.Variances), likeness.Distribution.Rest),
        JsonFormat.Indented);

    /// <param name="text">As <see cref="ToText"/> made it.</param>
    /// <param name="origin">Where it stood, for messages.</param>
    /// <param name="weightsSha256">Of the encoder it is to be used with.</param>
    /// <exception cref="UserErrorException">No such text, or one of another encoder.</exception>
    public static TrainingLikeness Parse(string text, string origin, string weightsSha256)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(text, JsonFormat.Indented) is { Card: not null } read ? read
                : throw new JsonException("it has no card");
        }
        catch (JsonException e) { throw Damaged(origin, e.Message, e); }
        var card = document.Card;
        if (card.WeightsSha256 != weightsSha256)
            throw new UserErrorException(
                $"{origin} describes the training radiographs of another encoder, with weights {card.WeightsSha256}; these are {weightsSha256}. "
                + "Copy the folder again.");
        if (document.Side != PictureShape.Side || card.Features is < 1 or > MostFeatures
            || !double.IsFinite(card.Threshold) || !double.IsFinite(card.LateralThreshold))
            throw Damaged(origin, $"side {document.Side}, {card.Features} features");
        try
        {
            var typical = Array.ConvertAll(Unpack(document.Typical), v => (double)v);
            var components = new PictureComponents(Unpack(document.ShapeMean), Unpack(document.ShapeBasis));
            var distribution = new ShrunkGaussian(
                Unpack(document.Means), Unpack(document.Deviations), Unpack(document.Basis), Unpack(document.Variances), document.Rest);
            return typical.Length == PictureShape.Length && typical.All(double.IsFinite) && components.IsSound() && distribution.IsSound()
                && distribution.Means.Length == card.Features + components.Width
                ? new(card, typical, components, distribution)
                : throw Damaged(origin, "its arrays do not fit each other");
        }
        catch (FormatException e) { throw Damaged(origin, e.Message, e); }
    }

    /// <summary>Writes the file of a folder, or takes away that of an earlier encoder where there is nothing to write.</summary>
    public static void Write(string folder, TrainingLikeness? likeness)
    {
        var path = Path.Combine(folder, Name);
        if (likeness is not null) AtomicFile.WriteAllText(path, ToText(likeness) + "\n");
        else File.Delete(path);
    }

    /// <summary>Reads the file of a folder; null where there is none.</summary>
    /// <exception cref="UserErrorException">It is damaged, or of another encoder.</exception>
    public static TrainingLikeness? Read(string folder, string weightsSha256)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > MostBytes) throw Damaged(path, $"it is larger than {MostBytes:N0} bytes");
        return Parse(RegularFile.ReadAllText(path), path, weightsSha256);
    }

    private static UserErrorException Damaged(string origin, string what, Exception? inner = null)
    {
        var message = $"{origin} does not describe a model's training radiographs: {what}. "
            + "Copy it again, or take it away: the gate then knows no distance.";
        return inner is null ? new(message) : new(message, inner);
    }

    // Little-endian, as every platform that ONNX Runtime and torch run on.
    private static string Pack(float[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(values));

    private static float[] Unpack(string? text)
    {
        var bytes = Convert.FromBase64String(text ?? "");
        if (bytes.Length % sizeof(float) != 0) throw new FormatException("an array is cut off");
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private sealed record Document(
        LikenessCard Card, int Side, string Typical, string ShapeMean, string ShapeBasis,
        string Means, string Deviations, string Basis, string Variances, float Rest);
}
