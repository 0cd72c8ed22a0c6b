using System.Text.Json;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Inspection;

namespace RadTex.Prediction.Onnx;

/// <summary>What an exported model says of itself in its metadata: the encoder's card, what its outputs are, how pixels become its input.</summary>
/// <param name="Encoder">The encoder's card.</param>
/// <param name="Outputs">A column of "probabilities" each; empty for an encoder alone.</param>
/// <param name="Quantisation">How it was quantised; null for float32.</param>
/// <param name="Seen">What encoder and heads learnt from.</param>
/// <param name="Preparation">How picture files become the bytes its input is made from: as in the dataset its heads (else its encoder) learnt
/// from.</param>
public sealed record ModelNotes(
    EncoderCard Encoder, IReadOnlyList<ModelOutput> Outputs, string? Quantisation, SeenRadiographs Seen, PicturePreparation Preparation)
{
    private const string EncoderKey = "radtex.encoder", OutputsKey = "radtex.outputs", QuantisationKey = "radtex.quantisation",
        SeenKey = "radtex.seen";
    private const string PreparationKey = "radtex.preparation", LikenessKey = "radtex.likeness", PreprocessingKey = "preprocessing";

    /// <summary>What the radiographs its heads, else its encoder, learnt from look like to it; null where that is not known.</summary>
    public TrainingLikeness? Likeness { get; init; }

    internal static ModelNotes Of(EncoderCard card, SeenRadiographs seen, IReadOnlyList<TrainedHead> heads, TrainingLikeness? likeness = null) => new(
        card, [.. heads.SelectMany(
            h => h.Classes.Select(
                c => new ModelOutput(
                    h.Task, c, h.Name, h.Examples, h.Threshold, h.Recalibrations, null, h.Weights.Outputs == 1 ? 2 : h.Weights.Outputs)))], null,
        heads.Select(h => h.Seen ?? SeenRadiographs.Unknown).Distinct().Aggregate(seen, (all, head) => all.With(head)),
        PreparationOf(heads) ?? card.Preparation())
    {
        Likeness = heads.Select(h => h.Likeness).OfType<TrainingLikeness>().FirstOrDefault() ?? likeness,
    };

    internal void AddTo(ModelProto model)
    {
        model.MetadataProps.Clear();
        void Add(string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        Add(EncoderKey, JsonSerializer.Serialize(Encoder, JsonFormat.Line));
        Add(OutputsKey, JsonSerializer.Serialize(Outputs, JsonFormat.Line));
        if (Quantisation is not null) Add(QuantisationKey, Quantisation);
        Add(SeenKey, Seen.ToJson());
        Add(PreparationKey, JsonSerializer.Serialize(Preparation, JsonFormat.Line));
        if (Likeness is not null) Add(LikenessKey, LikenessFile.ToText(Likeness));
        Add(PreprocessingKey, Preprocessing());
    }

    /// <exception cref="UserErrorException">The model is none of ours.</exception>
    internal static ModelNotes Read(IReadOnlyDictionary<string, string> metadata, string path)
    {
        try
        {
            return metadata.TryGetValue(EncoderKey, out var card) && metadata.TryGetValue(OutputsKey, out var outputs)
                && metadata.TryGetValue(PreparationKey, out var preparation)
                && JsonSerializer.Deserialize<PicturePreparation>(preparation, JsonFormat.Line) is { Intensity: not null } pictures
                && JsonSerializer.Deserialize<EncoderCard>(card, JsonFormat.Line) is { Scaling: not null } encoder && encoder.Channels is 1 or 3
                && encoder.ImageSize is >= 32 and <= 4096
                ? new(encoder, JsonSerializer.Deserialize<ModelOutput[]>(outputs, JsonFormat.Line) ?? [], metadata.GetValueOrDefault(QuantisationKey),
                    metadata.GetValueOrDefault(SeenKey) is { } seen ? SeenRadiographs.Parse(seen, path) : SeenRadiographs.Unknown,
                    pictures.Validated(encoder.ImageSize, path))
                {
                    Likeness = metadata.GetValueOrDefault(LikenessKey) is { } likeness ? LikenessFile
                        .Parse(likeness, path, encoder.WeightsSha256) : null,
                }
                : throw new JsonException("it does not describe its encoder and how pictures are read for it");
        }
        catch (JsonException e) { throw new UserErrorException($"{path} is no model that the step 'export' wrote: {e.Message} Export it again.", e); }
    }

    // One file of heads has one training dataset; others cannot share an input.
    private static PicturePreparation? PreparationOf(IReadOnlyList<TrainedHead> heads)
    {
        PicturePreparation[] all = [.. heads.Select(h => h.Preparation).OfType<PicturePreparation>().Distinct()];
        return all.Length < 2 ? all.FirstOrDefault()
            : throw new UserErrorException(
                $"The heads learnt from radiographs prepared with {string.Join(" and ", all.AsEnumerable())}: they cannot share "
                    + "one input. Take heads of one transfer.");
    }

    // For those who feed the model from elsewhere.
    internal string Preprocessing()
    {
        int side = Encoder.ImageSize;
        var values = Encoder.Scaling switch
        {
            "imagenet" =>
                "divide by the largest value of the crop, repeat to 3 channels, subtract 0.485, 0.456, 0.406 and divide by 0.229, 0.224, 0.225",
            "imagenet255" when Encoder.Channels == 1 => "divide by 255, subtract 0.449 and divide by 0.226",
            "imagenet255" => "divide by 255, repeat to 3 channels, subtract 0.485, 0.456, 0.406 and divide by 0.229, 0.224, 0.225",
            "plusminus1024" => "x / 255 * 2048 - 1024",
            _ => "divide by the largest value of the crop" + (Encoder.Channels == 3 ? ", repeat to 3 channels" : ""),
        };
        var reduction = Preparation.ShortSide == side ? "" : $"box filter to a short side of {side}; ";
        return $"grey, polarity {Encoder.Polarity}, intensity {Preparation.Intensity}; antialiased resize of the short side to "
            + $"{Preparation.ShortSide}, aspect kept, rounded to 8 bits; {reduction}centre crop {side} x {side}; {values}; "
            + $"float32 [batch, {Encoder.Channels}, {side}, {side}]";
    }
}
