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
    public static OnnxRadiographModel Of(TrainedClassifier classifier) =>
        OnnxRadiographModel.Open(ClassifierGraph.Build(classifier, foldBatchNorm: true).ToByteArray());
}
