using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RadTex.Files;

/// <summary>
/// A chain that ties every entry of a record to all before it: an entry's code is HMAC-SHA256, under the record's key, of the code before and the
/// entry's fields. A changed, removed, added or moved entry breaks it from there on; a cut tail leaves another head.
/// </summary>
internal static class FieldChain
{
    internal const int CodeBytes = 32, KeyBytes = 32;

    /// <summary>The code before the first entry.</summary>
    internal static byte[] Root { get; } = new byte[CodeBytes];

    /// <summary>The code of an entry.</summary>
    /// <param name="key">The record's.</param>
    /// <param name="before">The code of the entry before.</param>
    /// <param name="fields">All that is kept of the entry; null is another value than empty text.</param>
    internal static byte[] Next(ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, params ReadOnlySpan<string?> fields)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(before);
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            // With their lengths: no two entries have the same bytes.
            byte[] bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32LittleEndian(length, field is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }
}
