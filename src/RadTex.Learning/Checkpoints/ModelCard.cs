using System.Text.Json.Serialization;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Prediction;
using RadTex.Studies;

namespace RadTex.Learning.Checkpoints;

/// <summary>What one must know to use the whole model that a pretraining leaves.</summary>
/// <param name="Model">Its sizes.</param>
/// <param name="ImageSize">Side in pixels of the square images it was trained on.</param>
/// <param name="Scaling">How pixels become input: "max", "imagenet" or, of imported weights, "imagenet255".</param>
/// <param name="VocabularySha256">SHA-256 of <c>vocab.txt</c> beside it.</param>
/// <param name="Provenance">One line: how it came to be.</param>
/// <param name="Synthetic">Whether it learnt from synthetic radiographs.</param>
/// <param name="WeightsSha256">SHA-256 of the weights file, lower-case hexadecimal.</param>
/// <param name="Intensity">How stored values became grey levels in the radiographs it learnt from: display, liao or equalised; null where it learnt
/// from none.</param>
/// <param name="ShortSide">Short side in pixels of the dataset it learnt from; null where that is not known, as of imported weights.</param>
public sealed record ModelCard(
    ModelConfiguration Model, int ImageSize, string Scaling, string VocabularySha256, string Provenance, bool Synthetic, string WeightsSha256,
    string? Intensity = null, int? ShortSide = null)
{
    /// <summary>The objective whose model it is; null for captioning, whose cards are older than the others'.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Objective { get; init; }

    /// <summary>Width of the common space of a contrastive model; null of others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Projection { get; init; }

    /// <summary>Of a model whose encoder has a card; hashes and objective are filled in where it is written (<see cref="ModelFolder"/>).</summary>
    internal static ModelCard Of(ModelConfiguration model, EncoderCard card) => new(
        model, card.ImageSize, card.Scaling, "", card.Provenance, card.Synthetic, "", card.Intensity, card.ShortSide);

    /// <summary>
    /// How picture files are read for it: as those it learnt from; at its input's size, intensity display, where the card does not say.
    /// </summary>
    public PicturePreparation Preparation() => new(ShortSide ?? ImageSize, Intensity ?? ImageIntensity.Display.Name());
}
