using RadTex.Imaging.Transforms;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Transfer;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>What our own code makes of the picture of <see cref="ModelSelfTest"/>: what an exported model must give wherever it runs.</summary>
internal static class SelfTests
{
    internal static ModelSelfTest Of(TrainedClassifier classifier)
    {
        var (features, probabilities) = ModelExport.Outputs(classifier, ModelSelfTest.Image(classifier.Networks[0].Source.Input()), 1);
        return new(features, probabilities);
    }

    /// <summary>The same of an encoder alone, on the CPU and in evaluation mode.</summary>
    internal static ModelSelfTest Of(ImageEncoder encoder, RadiographInput input)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var image = tensor(ModelSelfTest.Image(input), [1, input.Channels, input.ImageSize, input.ImageSize]); // [1, C, S, S]
        return new(encoder.Pool(image).data<float>().ToArray(), []);
    }
}
