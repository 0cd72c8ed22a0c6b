using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;

namespace RadTex.Prediction.Onnx;

/// <summary>
/// The last bytes of a model file are one more metadata entry, <c>radtex.sha256</c>, with the SHA-256 of all bytes before it: weights, graph and
/// metadata. A damaged or altered file is found out before anything in it is believed.
/// </summary>
/// <remarks>In protobuf a message's fields may follow one another in any order, so that the entry is metadata like others to every reader of
/// ONNX.</remarks>
internal static class ModelSeal
{
    internal const string Key = "radtex.sha256";
    private const int HashLength = 64;
    private static readonly byte[] Head = Entry(new string('0', HashLength))[..^HashLength];

    /// <summary>The file's bytes.</summary>
    internal static byte[] Bytes(ModelProto model)
    {
        var bytes = model.ToByteArray();
        return [.. bytes, .. Entry(Convert.ToHexStringLower(SHA256.HashData(bytes)))];
    }

    /// <summary>Reads the file once and compares.</summary>
    /// <returns>The SHA-256 of the whole file, as <c>sha256sum</c> prints it.</returns>
    /// <exception cref="UserErrorException">The file cannot be read, has no such entry, or is not what was written.</exception>
    internal static string Check(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            using IncrementalHash body = IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
                whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long left = file.Length - Head.Length - HashLength;
            if (left <= 0) throw Unsealed(path);
            var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
            try
            {
                while (left > 0)
                {
                    int read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                    if (read == 0) throw new EndOfStreamException($"{path} became shorter while it was read.");
                    body.AppendData(buffer, 0, read);
                    whole.AppendData(buffer, 0, read);
                    left -= read;
                }
            }
            finally { ArrayPool<byte>.Shared.Return(buffer); }
            var tail = new byte[Head.Length + HashLength];
            file.ReadExactly(tail);
            whole.AppendData(tail);
            if (!tail.AsSpan(0, Head.Length).SequenceEqual(Head)) throw Unsealed(path);
            string found = Convert.ToHexStringLower(body.GetHashAndReset()), stated = Encoding.ASCII.GetString(tail, Head.Length, HashLength);
            return found == stated ? Convert.ToHexStringLower(whole.GetHashAndReset())
                : throw new UserErrorException(
                    $"{path} is damaged or was altered: its bytes have the SHA-256 {found}, expected {Shown(stated)}. Copy it "
                        + "again, or export it again.");
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException)
        { throw new UserErrorException($"Cannot read the model {path}: {e.Message}", e); }
    }

    private static byte[] Entry(string hash)
    {
        var model = new ModelProto();
        model.MetadataProps.Add(new StringStringEntryProto { Key = Key, Value = hash });
        return model.ToByteArray();
    }

    private static string Shown(string stated) => stated.All(char.IsAsciiHexDigitLower) ? stated : "a hash that is none";

    private static UserErrorException Unsealed(string path) =>
        new(
            $"{path} does not end with the SHA-256 of its bytes: it is cut off, or no model that this version of RadTex "
                + "exported. Copy it again, or export it again.");
}
