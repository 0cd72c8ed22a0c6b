using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>A classifier in TorchSharp: a frozen encoder and heads on its features.</summary>
/// <param name="extractor">Runs the encoder; its source stays the caller's to dispose.</param>
/// <param name="source">The encoder.</param>
/// <param name="heads">At least one.</param>
public sealed class TorchRadiographModel(FeatureExtractor extractor, EncoderSource source, IReadOnlyList<TrainedHead> heads) : IRadiographModel
{
    /// <summary>A classifier of one or several networks.</summary>
    /// <param name="classifier">Stays the caller's to dispose.</param>
    /// <param name="precision">Of the convolutions.</param>
    public static IRadiographModel Of(TrainedClassifier classifier, Precision precision)
    {
        TorchRadiographModel[] parts =
            [.. classifier.Networks.Select(n => new TorchRadiographModel(new FeatureExtractor(n.Source, new(precision)), n.Source, n.Heads))];
        return classifier.IsComposed ? new ComposedRadiographModel(parts, classifier.IsEnsemble) : parts[0];
    }

    /// <inheritdoc/>
    public RadiographInput Input => extractor.Input;

    /// <inheritdoc/>
    public ModelNotes Notes { get; } = source.NotesWith(heads);

    /// <inheritdoc/>
    public string Runtime => extractor.Compute == ScalarType.BFloat16 ? "TorchSharp, bfloat16" : "TorchSharp, float32";

    /// <inheritdoc/>
    public ModelAnswers Answer(Memory<float> images, int count)
    {
        var features = extractor.Pool(images, count);
        return new(TrainedHead.Probabilities(heads, features, count), features);
    }

    /// <summary>Releases nothing: the encoder stays the caller's.</summary>
    public void Dispose() { }
}
