using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Inspection;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Checkpoints;

/// <summary>
/// An encoder on disk: <c>encoder.safetensors</c> with torchvision's or timm's names, or a graph of others as <c>encoder.onnx</c>
/// (<see cref="FrozenEncoder"/>), and its card <c>encoder.json</c>, written last.
/// </summary>
public static class EncoderFolder
{
    private const string WeightsName = "encoder.safetensors", GraphName = "encoder.onnx", CardName = "encoder.json";

    /// <summary>Writes an encoder; the card's hash and feature width are filled in here.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="encoder">Its weights.</param>
    /// <param name="card">What it is.</param>
    /// <param name="seen">What it learnt from; null where that is not known.</param>
    public static EncoderCard Write(string folder, ImageEncoder encoder, EncoderCard card, SeenRadiographs? seen = null)
    {
        Clear(folder);
        seen?.Write(folder);
        var weights = Path.Combine(folder, WeightsName);
        SafeTensors.Write(weights, ModuleWeights.Of(encoder));
        card = card with { FeatureWidth = encoder.FeatureWidth, WeightsSha256 = FileHash.Sha256(weights) };
        JsonFile.Write(Path.Combine(folder, CardName), card);
        return card;
    }

    /// <summary>Writes a graph of others, "image" to "features", as a frozen encoder; the card's hash is filled in here.</summary>
    internal static EncoderCard Write(string folder, ModelProto graph, EncoderCard card)
    {
        Clear(folder);
        card = card with { WeightsSha256 = Convert.ToHexStringLower(SHA256.HashData(graph.ToByteArray())) };
        new ModelNotes(card, [], null, SeenRadiographs.Unknown, card.Preparation()).AddTo(graph);
        ModelFile.Write(graph, Path.Combine(folder, GraphName));
        JsonFile.Write(Path.Combine(folder, CardName), card);
        return card;
    }

    // Takes away what an encoder that was here before has left.
    private static void Clear(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in (string[])[SeenRadiographs.FileName, WeightsName, GraphName]) File.Delete(Path.Combine(folder, name));
        LikenessFile.Write(folder, null);
    }

    /// <summary>Whether a folder holds an encoder.</summary>
    internal static bool IsIn(string folder) => File.Exists(Path.Combine(folder, CardName));

    /// <summary>SHA-256 of a folder's weights as they are; null where there are none.</summary>
    internal static string? HashOf(string folder) =>
        Path.Combine(folder, WeightsName) is var path && File.Exists(path) ? FileHash.Sha256(path) : null;

    /// <summary>A card as one line of text, to travel inside another file.</summary>
    internal static string ToJson(EncoderCard card) => JsonSerializer.Serialize(card);

    /// <summary>The card that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="UserErrorException">It is none.</exception>
    internal static EncoderCard Parse(string json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<EncoderCard>(json) is { Scaling: not null, Polarity: not null } card
            ? card
            : throw new JsonException("it does not say how pixels become input");
        }
        catch (JsonException e)
        {
            throw new UserErrorException(
            $"{path} holds a card of RadTex that is damaged: {e.Message.ReplaceLineEndings(" ")} Export it again.", e);
        }
    }

    /// <summary>Requires that what lies in a folder came from the same file, as its card's provenance says, or is to be replaced.</summary>
    /// <exception cref="UserErrorException">It came from another.</exception>
    internal static void RequireSame(string folder, string sourceSha256, bool force) =>
        OutputFile.RequireSource(Path.Combine(folder, CardName), sourceSha256, force);

    /// <summary>Reads an encoder, in evaluation mode, on the CPU, and its card.</summary>
    /// <exception cref="UserErrorException">No encoder there, a card that does not parse, weights that are not the card's.</exception>
    public static (ImageEncoder Encoder, EncoderCard Card) Read(string folder)
    {
        var cardPath = Path.Combine(folder, CardName);
        var weightsPath = Path.Combine(folder, WeightsName);
        if (!File.Exists(cardPath))
        {
            var below = Path.Combine(folder, RunLayout.Encoder); // of a run, which is easily named in its encoder's place
            throw new UserErrorException(
                $"No encoder in {folder}: expected {CardName} and {WeightsName} there, as pretraining and importing weights write them."
                + (File.Exists(Path.Combine(below, CardName)) ? $" There is one in {below}: name that." : ""));
        }
        var card = JsonFile.Read<EncoderCard>(cardPath, "encoder card");
        if (card.Architecture == FrozenEncoder.Name) return (FrozenEncoder.Open(Path.Combine(folder, GraphName), card), card);
        var spec = new EncoderSpec(card.Architecture, card.Width, card.Channels, card.ImageSize);
        if (card.Scaling is null || spec.Faults().Count > 0)
            throw new UserErrorException(
                $"{cardPath} describes no encoder this version can build: {card.Architecture}, width {card.Width}, "
                    + $"{card.Channels} channels, {card.ImageSize} px.");
        _ = card.Preparation().Validated(card.ImageSize, cardPath);
        if (File.Exists(weightsPath) && FileHash.Sha256(weightsPath) is var hash && hash != card.WeightsSha256)
            throw new UserErrorException(
                $"{weightsPath} is not the file its card describes: SHA-256 {hash}, expected {card.WeightsSha256}. Copy the folder again.");
        var (weights, _) = SafeTensors.Read(weightsPath);
        var encoder = Encoders.Create(spec);
        try { ModuleWeights.Load(encoder, weights, weightsPath); }
        catch
        {
            encoder.Dispose();
            throw;
        }
        finally { foreach (var tensor in weights.Values) tensor.Dispose(); }
        encoder.eval();
        return (encoder, card);
    }
}
