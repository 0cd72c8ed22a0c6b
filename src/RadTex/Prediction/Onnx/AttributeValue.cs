namespace RadTex.Prediction.Onnx;

/// <summary>An attribute of an ONNX node with its value, such as the strides of a convolution; <see cref="GraphBuilder"/> makes them.</summary>
public sealed class AttributeValue
{
    internal AttributeValue(AttributeProto proto) => Proto = proto;

    internal AttributeProto Proto { get; }
}
