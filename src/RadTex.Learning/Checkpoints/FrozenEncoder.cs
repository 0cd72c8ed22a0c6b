using RadTex.Learning.Models.Encoders;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>
/// An encoder that is a graph of others (<c>Foreign.OnnxImport</c>), run by ONNX Runtime on the CPU in float32: it gives one vector a radiograph, no
/// features with places, and has no weights to train.
/// </summary>
internal sealed class FrozenEncoder : ImageEncoder
{
    /// <summary>Its architecture on cards.</summary>
    internal const string Name = "onnx";

    private readonly string path;
    private readonly OnnxModel model;

    private FrozenEncoder(string path, EncoderCard card, OnnxModel model) : base(new(Name, card.Width, card.Channels, card.ImageSize)) =>
        (this.path, this.model, FeatureWidth) = (path, model, card.FeatureWidth);

    /// <summary>Opens the graph that a card describes.</summary>
    /// <exception cref="UserErrorException">It is damaged, or another's.</exception>
    internal static FrozenEncoder Open(string path, EncoderCard card)
    {
        var model = OnnxModel.Open(path);
        if (model.Notes.Encoder == card) return new(path, card, model);
        model.Dispose();
        throw new UserErrorException($"{path} is not the graph its card describes. Copy the folder again.");
    }

    public override int FeatureWidth { get; }

    public override int Reduction => Spec.ImageSize;

    public override bool IsFrozen => true;

    public override ScalarType? TypeFor(Tensor images, ScalarType? asked) => ScalarType.Float32;

    public override bool CanTrainOn(long images, long height, long width) => false;

    public override Tensor[] Stages(Tensor images) => throw new UserErrorException(
        $"{path} gives one vector a radiograph and no features with places: there is nothing to draw maps from, nor to write reports from.");

    /// <summary>[B, C, S, S] to [B, F], float32.</summary>
    public override Tensor Pool(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var values = images.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        int count = (int)images.shape[0];
        return tensor(model.Run(values, count, ModelTensors.Features), [count, FeatureWidth]).to(images.device).MoveToOuterDisposeScope();
    }

    /// <summary>The graph, "image" to "features".</summary>
    internal ModelProto ReadGraph() => ModelFile.Read(path).Model;

    protected override void Dispose(bool disposing)
    {
        if (disposing) model.Dispose();
        base.Dispose(disposing);
    }
}
