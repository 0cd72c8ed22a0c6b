using Google.Protobuf;
using RadTex.Heads;
using RadTex.Learning.Transfer;
using RadTex.Prediction;

namespace RadTex.Learning.Export;

/// <summary>Networks turned into a model of ONNX Runtime in memory.</summary>
public static class InMemoryModel
{
    /// <summary>Of an encoder with heads.</summary>
    public static OnnxRadiographModel Of(EncoderSource source, IReadOnlyList<TrainedHead> heads) => Of(new TrainedClassifier([new(source, heads)]));

    /// <summary>Of a classifier.</summary>
    /// <param name="classifier">Stays the caller's to dispose.</param>
    /// <param name="device">cpu, or cuda or cuda:i in a build with the property RadTexOnnxRuntime=cuda.</param>
    public static OnnxRadiographModel Of(TrainedClassifier classifier, string device = "cpu") =>
        OnnxRadiographModel.Open(ClassifierGraph.Build(classifier, foldBatchNorm: true).ToByteArray(), device);
}
