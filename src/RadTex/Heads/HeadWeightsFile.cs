using System.Runtime.InteropServices;
using RadTex.Files;

namespace RadTex.Heads;

/// <summary>The weights of heads, <c>heads.safetensors</c>: float64, a "NAME.weight" [K, F] and a "NAME.bias" [K] each.</summary>
internal static class HeadWeightsFile
{
    private const string TypeName = "F64", Weight = ".weight", Bias = ".bias";

    /// <summary>Writes heads in the order given, whole or not at all.</summary>
    internal static void Write(string path, IReadOnlyList<(string Name, LinearHead Head)> heads)
    {
        AtomicFile.Write(path, stream =>
        {
            stream.Write(SafeTensorsHeader.Bytes(
                heads.SelectMany(h => (IEnumerable<(string, string, IReadOnlyList<long>)>)
                [
                    (h.Name + Weight, TypeName, [h.Head.Outputs, h.Head.Width]),
                    (h.Name + Bias, TypeName, [h.Head.Biases.Length]),
                ]),
                null));
            foreach (var (_, head) in heads)
            {
                stream.Write(MemoryMarshal.AsBytes<double>(head.Weights));
                stream.Write(MemoryMarshal.AsBytes<double>(head.Biases));
            }
        });
    }

    /// <summary>The head of a name with its outputs counted as they stand in the file; null where the file holds none of that shape.</summary>
    /// <param name="path">The file.</param>
    /// <param name="heads">Names, classes and F of what is looked for.</param>
    /// <returns>In the order asked for.</returns>
    /// <exception cref="UserErrorException">The file is absent or malformed.</exception>
    internal static IReadOnlyList<LinearHead?> Read(string path, IReadOnlyList<(string Name, int Classes, int? Width)> heads)
    {
        using var file = new MappedFile(path);
        var (entries, _, dataStart) = SafeTensorsHeader.Read(file);
        var byName = entries.ToDictionary(e => e.Name);
        return [.. heads.Select(head =>
        {
            int outputs = head.Classes == 2 ? 1 : head.Classes;
            return byName.TryGetValue(head.Name + Weight, out var weight) && byName.TryGetValue(head.Name + Bias, out var bias)
                && weight.TypeName == TypeName && bias.TypeName == TypeName && weight.Shape is [var k, var f] && bias.Shape is [var biases]
                && biases == k
                && f == head.Width && (k == outputs || k == head.Classes)
                ? new LinearHead(head.Classes, (int)f, Values(file, dataStart, weight), Values(file, dataStart, bias)) : null;
        })];
    }

    private static double[] Values(MappedFile file, long dataStart, SafeTensorsHeader.Entry entry) =>
        MemoryMarshal.Cast<byte, double>(file.Span(dataStart + entry.Begin, entry.Bytes)).ToArray();
}
