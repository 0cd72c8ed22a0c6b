using System.Buffers;
using RadTex.Imaging;

namespace RadTex.Data;

/// <summary>Some pictures as a model's input, [n, C, S, S], and why others are not among them.</summary>
public sealed class InputBatch : IDisposable
{
    private readonly float[] values;
    private readonly int length;

    internal InputBatch(
        IReadOnlyList<string> names, IReadOnlyList<GreyImage> pictures, IReadOnlyList<(string Path, string Reason, ImageFault? Fault)> rejected,
        int length)
    {
        (Names, Pictures, Rejected, this.length) = (names, pictures, rejected, length);
        values = ArrayPool<float>.Shared.Rent(names.Count * length);
    }

    /// <summary>n.</summary>
    public int Count => Names.Count;

    /// <summary>Paths as they were given; image ids of a dataset's rows.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The 8-bit pictures the inputs were made from, in the same order.</summary>
    public IReadOnlyList<GreyImage> Pictures { get; }

    /// <summary>Files that cannot be read, why, and the kind of fault where it lies in the picture.</summary>
    public IReadOnlyList<(string Path, string Reason, ImageFault? Fault)> Rejected { get; }

    /// <summary>n * C * S * S values, until this is disposed.</summary>
    public Memory<float> Images => values.AsMemory(0, Count * length);

    /// <summary>Gives the memory behind <see cref="Images"/> back to a pool: it must not be read or written afterwards.</summary>
    public void Dispose() => ArrayPool<float>.Shared.Return(values);
}
