using RadTex.Files;
using RadTex.Gating;
using RadTex.Learning.Models;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>
/// The whole model of an objective on disk: <c>model.safetensors</c>, <c>vocab.txt</c>, and its card <c>model.json</c>, written last.
/// </summary>
public static class ModelFolder
{
    private const string EncoderCardName = "encoder.json";
    // As configurations name the objectives.
    internal const string Captioning = "captioning", Contrastive = "contrastive", MaskedWords = "masked-words";

    private const string WeightsName = "model.safetensors", VocabularyName = "vocab.txt", CardName = "model.json";

    /// <summary>Writes a captioning model; the card's model and hashes are filled in here.</summary>
    public static ModelCard Write(string folder, RadTexModel model, WordPieceVocabulary vocabulary, ModelCard card) =>
        WriteModel(folder, model, vocabulary, card with { Model = model.Configuration, Objective = null, Projection = null });

    /// <summary>Writes a contrastive model; the card's model, objective and hashes are filled in here.</summary>
    public static ModelCard Write(string folder, ContrastiveModel model, WordPieceVocabulary vocabulary, ModelCard card) => WriteModel(
        folder, model, vocabulary, card with { Model = model.Configuration, Objective = Contrastive, Projection = model.Projection });

    /// <summary>Writes a model of masked words; the card's model, objective and hashes are filled in here.</summary>
    public static ModelCard Write(string folder, MaskedWordsModel model, WordPieceVocabulary vocabulary, ModelCard card) =>
        WriteModel(folder, model, vocabulary, card with { Model = model.Configuration, Objective = MaskedWords, Projection = null });

    private static ModelCard WriteModel(string folder, nn.Module model, WordPieceVocabulary vocabulary, ModelCard card)
    {
        Directory.CreateDirectory(folder);
        LikenessFile.Write(folder, null); // of a model that was here before
        var weights = Path.Combine(folder, WeightsName);
        SafeTensors.Write(weights, ModuleWeights.Of(model));
        vocabulary.Save(Path.Combine(folder, VocabularyName));
        card = card with { VocabularySha256 = vocabulary.Sha256, WeightsSha256 = FileHash.Sha256(weights) };
        JsonFile.Write(Path.Combine(folder, CardName), card);
        return card;
    }

    /// <summary>The folder of the model that a run of <c>radtex pretrain</c> holds, or that folder itself.</summary>
    /// <exception cref="UserErrorException">There is no model, or an encoder alone.</exception>
    public static string Find(string run)
    {
        var inside = Path.Combine(run, RunLayout.Model);
        if (Directory.Exists(inside)) return inside;
        if (File.Exists(Path.Combine(run, CardName))) return run;
        throw Directory.Exists(Path.Combine(run, RunLayout.Encoder)) || File.Exists(Path.Combine(run, EncoderCardName))
            ? new UserErrorException(
                $"{run} has an encoder but no decoder, and a decoder writes the reports: give the run that the step 'pretrain' "
                    + $"wrote, whose folder {RunLayout.Model} has both.")
            : new UserErrorException(
                $"No model in {run}: expected {CardName}, {WeightsName} and {VocabularyName} there, as the step 'pretrain' leaves "
                    + $"them in RUN/{RunLayout.Model}.");
    }

    /// <summary>Requires that what lies in a folder came from the same file, as its card's provenance says, or is to be replaced.</summary>
    /// <exception cref="UserErrorException">It came from another.</exception>
    internal static void RequireSame(string folder, string sourceSha256, bool force) =>
        OutputFile.RequireSource(Path.Combine(folder, CardName), sourceSha256, force);

    /// <summary>Reads a captioning model, in evaluation mode, on the CPU, with its vocabulary and card.</summary>
    /// <param name="folder">Such as <c>model</c> in a run.</param>
    /// <param name="compute">bfloat16 for mixed precision; null for float32.</param>
    /// <exception cref="UserErrorException">No model there, one of another objective, or its parts do not fit each other.</exception>
    public static (RadTexModel Model, WordPieceVocabulary Vocabulary, ModelCard Card) Read(string folder, ScalarType? compute = null) =>
        ReadModel(folder, null, card => new RadTexModel(card.Model with { ImageSize = card.ImageSize }, compute));

    /// <summary>Reads a contrastive model likewise.</summary>
    /// <inheritdoc cref="Read(string, ScalarType?)"/>
    public static (ContrastiveModel Model, WordPieceVocabulary Vocabulary, ModelCard Card) ReadContrastive(
        string folder, ScalarType? compute = null) =>
        ReadModel(folder, Contrastive, card => new ContrastiveModel(card.Model with { ImageSize = card.ImageSize }, card.Projection!.Value, compute));

    /// <summary>Reads a model of masked words likewise.</summary>
    /// <inheritdoc cref="Read(string, ScalarType?)"/>
    public static (MaskedWordsModel Model, WordPieceVocabulary Vocabulary, ModelCard Card) ReadMaskedWords(
        string folder, ScalarType? compute = null) =>
        ReadModel(folder, MaskedWords, card => new MaskedWordsModel(card.Model with { ImageSize = card.ImageSize }, compute));

    /// <summary>The card of a model's folder.</summary>
    /// <exception cref="UserErrorException">There is none, or it is damaged.</exception>
    internal static ModelCard ReadCard(string folder)
    {
        var path = Path.Combine(folder, CardName);
        if (!File.Exists(path)) throw new UserErrorException(
            $"No model in {folder}: expected {CardName}, {WeightsName} and {VocabularyName} there, as the step 'pretrain' leaves them in "
                + $"RUN/{RunLayout.Model}.");
        var card = JsonFile.Read<ModelCard>(
            path, "model card", c => c.Model is not null && (c.Objective == Contrastive) == c.Projection is >= 1 and <= 16_384);
        _ = card.Preparation().Validated(card.ImageSize, path);
        return card;
    }

    private static (TModel Model, WordPieceVocabulary Vocabulary, ModelCard Card) ReadModel<TModel>(
        string folder, string? objective, Func<ModelCard, TModel> create) where TModel : nn.Module
    {
        var weightsPath = Path.Combine(folder, WeightsName);
        var card = ReadCard(folder);
        if (card.Objective != objective)
            throw new UserErrorException(
                $"The model in {folder} is one of objective {card.Objective ?? Captioning}; expected {objective ?? Captioning}"
                    + $"{(objective is null ? ", whose decoder writes the reports" : "")}. Give the run of another objective.");
        var vocabulary = WordPieceVocabulary.Load(Path.Combine(folder, VocabularyName));
        if (vocabulary.Sha256 != card.VocabularySha256 || vocabulary.Count != card.Model.VocabularySize)
            throw new UserErrorException(
                $"{folder}: {VocabularyName} is not the vocabulary the model was trained with (SHA-256 {vocabulary.Sha256}, "
                    + $"expected {card.VocabularySha256}). Copy the folder again.");
        if (File.Exists(weightsPath) && FileHash.Sha256(weightsPath) is var hash && hash != card.WeightsSha256)
            throw new UserErrorException(
                $"{weightsPath} is not the file its card describes: SHA-256 {hash}, expected {card.WeightsSha256}. Copy the folder again.");
        var (weights, _) = SafeTensors.Read(weightsPath);
        TModel? model = null;
        try
        {
            model = create(card);
            ModuleWeights.Load(model, weights, weightsPath);
            model.eval();
            return (model, vocabulary, card);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
        finally { foreach (var tensor in weights.Values) tensor.Dispose(); }
    }
}
