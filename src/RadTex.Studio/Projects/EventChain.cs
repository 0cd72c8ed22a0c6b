using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RadTex.Studio.Projects;

/// <summary>
/// The chain that ties every event to all before it: its code is HMAC-SHA256, under the project's key, of the code before and the event's fields. A
/// changed, removed, added or moved row breaks it from there on; a cut tail leaves another head.
/// </summary>
internal static class EventChain
{
    internal const int CodeBytes = 32, KeyBytes = 32;

    /// <summary>The code before the first event.</summary>
    internal static byte[] Root { get; } = new byte[CodeBytes];

    /// <summary>The code of an event.</summary>
    internal static byte[] Next(ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, StudioEvent of)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(before);
        string?[] fields =
        [
            of.Id.ToString(CultureInfo.InvariantCulture), of.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), of.Kind.ToString(),
            of.Reader, of.Finding, of.Picture, of.Value, of.Confidence, of.MillisecondsInView?.ToString(CultureInfo.InvariantCulture),
            of.Window, of.Visible, of.Policy, of.Propensity?.ToString("R", CultureInfo.InvariantCulture), of.Model,
            of.Of?.ToString(CultureInfo.InvariantCulture), of.Note,
        ];
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            // With their lengths: no two events have the same bytes.
            byte[] bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32LittleEndian(length, field is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }
}
