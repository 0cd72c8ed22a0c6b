using RadTex.Files;
using RadTex.Gating;
using RadTex.Learning.Models;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>A captioning model on disk: <c>model.safetensors</c>, <c>vocab.txt</c>, and its card <c>model.json</c>, written last.</summary>
public static class ModelFolder
{
    private const string EncoderCardName = "encoder.json";
    private const string WeightsName = "model.safetensors", VocabularyName = "vocab.txt", CardName = "model.json";

    /// <summary>Writes a model; the card's model and hashes are filled in here.</summary>
    public static ModelCard Write(string folder, RadTexModel model, WordPieceVocabulary vocabulary, ModelCard card)
    {
        Directory.CreateDirectory(folder);
        LikenessFile.Write(folder, null); // of a model that was here before
        var weights = Path.Combine(folder, WeightsName);
        SafeTensors.Write(weights, ModuleWeights.Of(model));
        vocabulary.Save(Path.Combine(folder, VocabularyName));
        card = card with { Model = model.Configuration, VocabularySha256 = vocabulary.Sha256, WeightsSha256 = FileHash.Sha256(weights) };
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

    /// <summary>Reads a model, in evaluation mode, on the CPU, with its vocabulary and card.</summary>
    /// <param name="folder">Such as <c>model</c> in a run.</param>
    /// <param name="compute">bfloat16 for mixed precision; null for float32.</param>
    /// <exception cref="UserErrorException">No model there, or its parts do not fit each other.</exception>
    public static (RadTexModel Model, WordPieceVocabulary Vocabulary, ModelCard Card) Read(string folder, ScalarType? compute = null)
    {
        string cardPath = Path.Combine(folder, CardName), weightsPath = Path.Combine(folder, WeightsName);
        if (!File.Exists(cardPath)) throw new UserErrorException(
            $"No model in {folder}: expected {CardName}, {WeightsName} and {VocabularyName} there, as the step 'pretrain' leaves them in "
                + $"RUN/{RunLayout.Model}.");
        var card = JsonFile.Read<ModelCard>(cardPath, "model card", c => c.Model is not null);
        _ = card.Preparation().Validated(card.ImageSize, cardPath);
        var vocabulary = WordPieceVocabulary.Load(Path.Combine(folder, VocabularyName));
        if (vocabulary.Sha256 != card.VocabularySha256 || vocabulary.Count != card.Model.VocabularySize)
            throw new UserErrorException(
                $"{folder}: {VocabularyName} is not the vocabulary the model was trained with (SHA-256 {vocabulary.Sha256}, "
                    + $"expected {card.VocabularySha256}). Copy the folder again.");
        if (File.Exists(weightsPath) && FileHash.Sha256(weightsPath) is var hash && hash != card.WeightsSha256)
            throw new UserErrorException(
                $"{weightsPath} is not the file its card describes: SHA-256 {hash}, expected {card.WeightsSha256}. Copy the folder again.");
        var (weights, _) = SafeTensors.Read(weightsPath);
        RadTexModel? model = null;
        try
        {
            model = new RadTexModel(card.Model with { ImageSize = card.ImageSize }, compute);
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
