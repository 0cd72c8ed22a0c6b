using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using RadTex.Imaging;

namespace RadTex.Studio.Pictures;

/// <summary>
/// A radiograph on the way to the page: the length of a head (4 bytes, little endian), the head (JSON, padded with spaces to an even end), the grey
/// tables, one after the other, a byte of padding where they have an odd length, and the values (16 bits, little endian).
/// </summary>
internal static class PictureMessage
{
    internal static async Task WriteAsync(FullRadiograph picture, FullRadiograph whole, Stream stream, CancellationToken cancellation)
    {
        int values = picture.Tables[0].Greys.Length;
        var head = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                picture.Height,
                picture.Width,
                FullHeight = whole.Height,
                FullWidth = whole.Width,
                Values = values,
                picture.IsInverted,
                picture.UnitSlope,
                picture.UnitIntercept,
                Tables = picture.Tables.Select(t => new { t.Name, t.Low, t.High }),
            },
            JsonFormat.Line);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, head.Length + head.Length % 2);
        await stream.WriteAsync(length, cancellation).ConfigureAwait(false);
        await stream.WriteAsync(head, cancellation).ConfigureAwait(false);
        if (head.Length % 2 == 1) await stream.WriteAsync(" "u8.ToArray(), cancellation).ConfigureAwait(false);
        foreach (var table in picture.Tables) await stream.WriteAsync(table.Greys, cancellation).ConfigureAwait(false);
        if (values * picture.Tables.Count % 2 == 1) await stream.WriteAsync(new byte[1], cancellation).ConfigureAwait(false);
        const int Part = 1 << 20;
        var buffer = new byte[Part];
        for (int at = 0; at < picture.Values.Length; at += Part / 2)
        {
            var part = picture.Values.AsSpan(at, Math.Min(Part / 2, picture.Values.Length - at));
            MemoryMarshal.AsBytes(part).CopyTo(buffer); // every platform .NET runs on is little endian
            await stream.WriteAsync(buffer.AsMemory(0, part.Length * 2), cancellation).ConfigureAwait(false);
        }
    }
}
