using Google.Protobuf;
using RadTex.Files;

namespace RadTex.Prediction.Onnx;

/// <summary>Reads ONNX models that others wrote. A file is bounded before anything is made of it: its size, then the messages it holds.</summary>
internal static class ForeignModel
{
    private const long LargestFile = 128 << 20;
    private const int MostMessages = 20_000; // a ResNet of 23 convolutions has 900
    private const long LargestWhole = int.MaxValue - (1 << 20); // protobuf's own bound, less what is added here
    private const int MostMessagesOfWhole = 1_000_000;
    private const int DeepestNesting = 100; // deeper ones are left to the parser to refuse

    // The messages that fields of a message hold; other fields are numbers, text and data, which take no more memory than the file.
    private static readonly MessageFields Entry = new(), Dimension = new();
    private static readonly MessageFields Shape = new() { [1] = Dimension };
    private static readonly MessageFields TensorType = new() { [2] = Shape };
    private static readonly MessageFields Value = new() { [2] = new() { [1] = TensorType } };
    private static readonly MessageFields Constant = new() { [13] = Entry };
    private static readonly MessageFields NodeAttribute = new() { [5] = Constant };
    private static readonly MessageFields Node = new() { [5] = NodeAttribute };
    private static readonly MessageFields Graph = new()
    {
        [1] = Node,
        [5] = Constant,
        [11] = Value,
        [12] = Value,
        [13] = Value,
        [14] = Entry,
        [15] = Entry,
    };
    private static readonly MessageFields Model = new() { [7] = Graph, [8] = new(), [14] = Entry, [25] = Entry };

    // A node may hold graphs.
    static ForeignModel() => NodeAttribute[6] = NodeAttribute[11] = Graph;

    /// <summary>Reads a model of which what is not named in <c>onnx.proto</c> is skipped.</summary>
    /// <exception cref="UserErrorException">No such file, too large, or no ONNX model.</exception>
    internal static ModelProto Read(string path) => Read(path, LargestFile, MostMessages, ModelProto.Parser.WithDiscardUnknownFields(true));

    /// <summary>Reads a model whole, to be run.</summary>
    /// <exception cref="UserErrorException">No such file, too large, or no ONNX model.</exception>
    internal static ModelProto ReadWhole(string path) => Read(path, LargestWhole, MostMessagesOfWhole, ModelProto.Parser);

    private static ModelProto Read(string path, long largest, int mostMessages, MessageParser<ModelProto> parser)
    {
        if (!File.Exists(path)) throw new UserErrorException($"No model at {path}. Expected an .onnx file.");
        try
        {
            using var file = RegularFile.OpenRead(path);
            if (file.Length > largest)
                throw new UserErrorException($"{path} has {file.Length:N0} bytes; expected a model of at most {largest:N0}. Is it another file?");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            int count = Count(bytes, Model, 0, mostMessages);
            if (count > mostMessages)
            {
                throw new UserErrorException(
                    $"{path} holds more than {mostMessages:N0} nodes, constants and the like; expected some hundreds. Is it another model?");
            }
            var model = parser.ParseFrom(bytes);
            return model.Graph is null ? throw new UserErrorException($"{path} is no ONNX model: it holds no graph. Fetch it again.") : model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new UserErrorException($"{path} is no ONNX model: {e.Message.ReplaceLineEndings(" ")} Fetch it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"Cannot read the model {path}: {e.Message}", e);
        }
    }

    // Messages inside a message, all levels together; stops counting once there are too many. What is malformed is left to the parser to refuse.
    private static int Count(ReadOnlySpan<byte> message, MessageFields fields, int count, int most, int depth = 0)
    {
        int at = 0;
        while (at < message.Length && count <= most && depth < DeepestNesting)
        {
            if (!TryReadNumber(message, ref at, out ulong tag)) return count;
            switch (tag & 7)
            {
                case 0 when TryReadNumber(message, ref at, out _): break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2 when TryReadNumber(message, ref at, out ulong length) && length <= (ulong)(message.Length - at):
                    if (fields.TryGetValue(tag >> 3, out var inside))
                        count = Count(message.Slice(at, (int)length), inside, count + 1, most, depth + 1);
                    at += (int)length;
                    break;
                default: return count;
            }
        }
        return count;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> message, ref int at, out ulong number)
    {
        number = 0;
        for (int shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            byte next = message[at++];
            number |= (ulong)(next & 127) << shift;
            if (next < 128) return true;
        }
        return false;
    }

    private sealed class MessageFields : Dictionary<ulong, MessageFields>;
}
