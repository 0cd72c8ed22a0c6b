using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace RadTex.Prediction.Onnx;

/// <summary>Adds nodes and constants to an ONNX graph of operator set 17. A node's output bears the node's name. Not thread-safe.</summary>
public sealed class GraphBuilder
{
    private const string FreeBatch = "batch";
    private const int OperatorSet = 17, IrVersion = 8;

    private readonly GraphProto graph;

    internal GraphBuilder(GraphProto graph) => this.graph = graph;

    /// <summary>A model without nodes yet, of operator set 17.</summary>
    internal static ModelProto Model(string name)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "RadTex",
            ProducerVersion = typeof(GraphBuilder).Assembly.GetName().Version!.ToString(3),
            Graph = new GraphProto { Name = name },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        return model;
    }

    /// <summary>Adds a node and returns its output's name.</summary>
    /// <param name="operation">ONNX's operator, such as Conv.</param>
    /// <param name="name">Of the node and of its output; none of the graph's others.</param>
    /// <param name="inputs">Names of inputs, constants and other nodes' outputs.</param>
    /// <param name="attributes">Made by <c>Attribute</c>.</param>
    public string Node(string operation, string name, IReadOnlyList<string> inputs, params AttributeValue[] attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name };
        node.Input.Add(inputs);
        node.Output.Add(name);
        node.Attribute.Add(attributes.Select(a => a.Proto));
        graph.Node.Add(node);
        return name;
    }

    /// <summary>Adds a constant and returns its name.</summary>
    /// <param name="name">None of the graph's others.</param>
    /// <param name="values">float, byte, sbyte, int or long, the last side fastest.</param>
    /// <param name="shape">Its sides.</param>
    public string Constant<T>(string name, ReadOnlySpan<T> values, params long[] shape) where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TypeOf<T>(), RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.Add(shape);
        graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds all nodes and constants of another graph, whose names are none of this one's.</summary>
    internal void Append(GraphProto other)
    {
        graph.Initializer.Add(other.Initializer);
        graph.Node.Add(other.Node);
    }

    /// <summary>A tensor of a graph's inputs or outputs; a side is a number, or a name where it is free.</summary>
    internal static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params object[] sides)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(sides.Select(side => side is string free
            ? new TensorShapeProto.Types.Dimension { DimParam = free }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(side, CultureInfo.InvariantCulture) }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }

    /// <summary>A float tensor whose first side is free ("batch").</summary>
    internal static ValueInfoProto Batch(string name, params long[] sides) =>
        Value(name, TensorProto.Types.DataType.Float, [FreeBatch, .. sides.Cast<object>()]);

    /// <summary>A whole number.</summary>
    public static AttributeValue Attribute(string name, long value) =>
        new(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });

    /// <summary>A real number.</summary>
    public static AttributeValue Attribute(string name, float value) =>
        new(new AttributeProto { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float });

    /// <summary>Whole numbers.</summary>
    public static AttributeValue Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return new(attribute);
    }

    private static TensorProto.Types.DataType TypeOf<T>() =>
        typeof(T) == typeof(float) ? TensorProto.Types.DataType.Float
        : typeof(T) == typeof(byte) ? TensorProto.Types.DataType.Uint8
        : typeof(T) == typeof(sbyte) ? TensorProto.Types.DataType.Int8
        : typeof(T) == typeof(int) ? TensorProto.Types.DataType.Int32
        : typeof(T) == typeof(long) ? TensorProto.Types.DataType.Int64
        : throw new NotSupportedException($"constants of {typeof(T)}");
}
