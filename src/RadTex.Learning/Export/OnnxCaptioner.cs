using Microsoft.ML.OnnxRuntime;
using RadTex.Files;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>
/// A captioning model in ONNX Runtime: <c>encoder.onnx</c>, <c>prefill.onnx</c>, <c>step.onnx</c>, <c>vocab.txt</c>, and its card
/// <c>captioner.json</c>. <see cref="BeamSearch"/> and <see cref="NucleusSampling"/> run over it as over our own model.
/// </summary>
public sealed class OnnxCaptioner : ICaptioner, IDisposable
{
    private const string EncoderName = "encoder.onnx", PrefillName = "prefill.onnx", StepName = "step.onnx", VocabularyName = "vocab.txt",
        CardName = "captioner.json";
    private const string Decoding =
        "prefill.onnx once: feature_map to patch_keys.i and patch_values.i of each layer i. step.onnx once a token, "
            + "the start token at position 0 first, until the end token: tokens and positions of the rows "
        + "(captions that grow), image_of_row, parent_of_row (the row of the step before that each goes on from; at "
        + "first 0, 1, ...), patch_keys.i and patch_values.i, and keys.i and values.i of the step before as "
        + "past_keys.i and past_values.i (at first [rows, heads, 0, width]). log_probabilities are those of the next token.";


    private readonly InferenceSession prefill, step;

    private OnnxCaptioner(OnnxModel encoder, InferenceSession prefill, InferenceSession step, WordPieceVocabulary vocabulary, CaptionerCard card) =>
        (Encoder, this.prefill, this.step, Vocabulary, Card) = (encoder, prefill, step, vocabulary, card);

    /// <summary>Gives "feature_map" beside the pooled "features".</summary>
    public OnnxModel Encoder { get; }

    /// <summary>The pieces of <c>vocab.txt</c>: token ids are their lines.</summary>
    public WordPieceVocabulary Vocabulary { get; }

    /// <summary>What <c>captioner.json</c> says: origin, sizes, hashes of the files.</summary>
    public CaptionerCard Card { get; }

    /// <inheritdoc/>
    public ModelConfiguration Configuration => Card.Model.Model;

    /// <summary>Opens what <c>radtex export --captioner</c> wrote.</summary>
    /// <param name="folder">With the five files.</param>
    /// <param name="threads">That compute; 0 for one a processor.</param>
    /// <exception cref="UserErrorException">No captioning model there, or its parts do not fit each other.</exception>
    public static OnnxCaptioner Open(string folder, int threads = 0)
    {
        var cardPath = Path.Combine(folder, CardName);
        if (!File.Exists(cardPath))
            throw new UserErrorException(
                $"No captioning model for ONNX in {folder}: expected {CardName} there, as the step 'export' writes it with the setting 'captioner'.");
        var card = JsonFile.Read<CaptionerCard>(cardPath, "captioning model's card", c => c.Model?.Model is not null);
        var vocabulary = WordPieceVocabulary.Load(Path.Combine(folder, VocabularyName));
        if (vocabulary.Sha256 != card.Model.VocabularySha256 || vocabulary.Count != card.Model.Model.VocabularySize)
            throw new UserErrorException(
                $"{folder}: {VocabularyName} is not the vocabulary the model was trained with (SHA-256 {vocabulary.Sha256}, "
                    + $"expected {card.Model.VocabularySha256}). Copy the folder again.");
        var encoder = OnnxModel.Open(Path.Combine(folder, EncoderName), threads);
        InferenceSession? prefill = null;
        try
        {
            prefill = Session(Path.Combine(folder, PrefillName), threads);
            return new(encoder, prefill, Session(Path.Combine(folder, StepName), threads), vocabulary, card);
        }
        catch
        {
            encoder.Dispose();
            prefill?.Dispose();
            throw;
        }
    }

    /// <summary>Visual features of images, [B, F, h, w].</summary>
    /// <param name="images">[B, C, S, S].</param>
    /// <param name="count">B.</param>
    public Tensor Encode(Memory<float> images, int count)
    {
        var map = Encoder.Run(images, count, ModelTensors.FeatureMap);
        int F = Encoder.Notes.Encoder.FeatureWidth, side = (int)Math.Round(Math.Sqrt(map.Length / (double)(count * F)));
        return tensor(map, [count, F, side, side]);
    }

    /// <inheritdoc/>
    public ICaptionSteps Begin(Tensor features, int rowsPerImage, int longest)
    {
        using var scope = NewDisposeScope();
        float[] values = features.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        using var input = OrtValue.CreateTensorValueFromMemory(values, features.shape);
        using var options = new RunOptions();
        string[] outputs =
            [.. Enumerable.Range(0, Configuration.Layers).SelectMany(i => (string[])[DecoderGraphs.PatchKeys(i), DecoderGraphs.PatchValues(i)])];
        return new OnnxCaptionSteps(Configuration, step, prefill.Run(options, [ModelTensors.FeatureMap], [input], outputs), (int)features.shape[0]);
    }

    /// <summary>Releases the three sessions of ONNX Runtime.</summary>
    public void Dispose()
    {
        Encoder.Dispose();
        prefill.Dispose();
        step.Dispose();
    }

    /// <summary>Writes a model into a folder that is there.</summary>
    internal static void Write(string folder, RadTexModel model, WordPieceVocabulary vocabulary, ModelCard card, bool foldBatchNorm)
    {
        var sizes = card.Model;
        var encoder = new EncoderCard(
            sizes.Backbone, sizes.BackboneWidth, sizes.Channels, card.ImageSize, card.Scaling, EncoderCard.PolarityOf(card.Intensity),
            model.Encoder.FeatureWidth, card.Provenance, card.Synthetic,
            card.WeightsSha256, card.Intensity, card.ShortSide);
        void WriteModel(string name, ModelProto graph) => AtomicFile.WriteAllBytes(Path.Combine(folder, name), ModelSeal.Bytes(graph));
        var encoderGraph = EncoderGraph.Build(model.Encoder, encoder, [], foldBatchNorm, withMap: true);
        SelfTests.Of(model.Encoder, new(card.ImageSize, sizes.Channels, IntensityScalings.Parse(card.Scaling))).AddTo(encoderGraph);
        WriteModel(EncoderName, encoderGraph);
        var decoder = new DecoderGraphs(model);
        WriteModel(PrefillName, decoder.Prefill());
        WriteModel(StepName, decoder.Step());
        vocabulary.Save(Path.Combine(folder, VocabularyName));
        JsonFile.Write(
            Path.Combine(folder, CardName),
            new CaptionerCard(card, ModelNotes.Of(encoder, SeenRadiographs.Unknown, []).Preprocessing(), Decoding));
    }

    private static InferenceSession Session(string path, int threads)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"No model at {path}. Copy the folder that the step 'export' wrote with the setting 'captioner' again.");
        _ = ModelSeal.Check(path);
        using var options = OnnxModel.Options(threads);
        try { return new(path, options); }
        catch (OnnxRuntimeException e)
        {
            throw new UserErrorException(
            $"{path} is no model that ONNX Runtime can open: {e.Message} Export it again.", e);
        }
    }
}
