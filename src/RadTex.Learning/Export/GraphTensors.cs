using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>Tensors as constants of ONNX graphs.</summary>
public static class GraphTensors
{
    /// <summary>Adds a tensor as a float32 constant and returns its name.</summary>
    public static string Constant(this GraphBuilder graph, string name, Tensor values) =>
        graph.Constant<float>(name, values.detach().cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray(), values.shape);
}
