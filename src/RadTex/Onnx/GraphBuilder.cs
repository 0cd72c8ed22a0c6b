using System.Runtime.InteropServices;
using Google.Protobuf;

namespace RadTex.Onnx;

/// <summary>Adds nodes and constants to an ONNX graph. A node's output bears the node's name.</summary>
internal sealed class GraphBuilder(GraphProto graph)
{
    /// <summary>Adds a node and returns its output's name.</summary>
    internal string Node(string operation, string name, IReadOnlyList<string> inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name };
        node.Input.Add(inputs);
        node.Output.Add(name);
        node.Attribute.Add(attributes);
        graph.Node.Add(node);
        return name;
    }

    /// <summary>Adds a constant and returns its name.</summary>
    internal string Constant<T>(string name, ReadOnlySpan<T> values, params long[] shape) where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TypeOf<T>(), RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.Add(shape);
        graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>A float tensor whose first side is free ("batch").</summary>
    internal static ValueInfoProto Batch(string name, params long[] sides)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        foreach (long side in sides) shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = side });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    internal static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    internal static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    internal static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    private static TensorProto.Types.DataType TypeOf<T>() =>
        typeof(T) == typeof(float) ? TensorProto.Types.DataType.Float
        : typeof(T) == typeof(byte) ? TensorProto.Types.DataType.Uint8
        : typeof(T) == typeof(sbyte) ? TensorProto.Types.DataType.Int8
        : typeof(T) == typeof(int) ? TensorProto.Types.DataType.Int32
        : throw new NotSupportedException($"constants of {typeof(T)}");
}
