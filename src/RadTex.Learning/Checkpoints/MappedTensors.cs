using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>Tensors of mapped files.</summary>
internal static class MappedTensors
{
    /// <summary>Values of the file as a tensor of its own on the CPU, outside any dispose scope; the caller disposes it.</summary>
    internal static Tensor Values(this MappedFile file, long offset, long[] shape, ScalarType type)
    {
        var values = empty(shape, dtype: type).DetachFromDisposeScope();
        int bytes = checked((int)(values.numel() * values.element_size()));
        if (bytes > 0) file.Span(offset, bytes).CopyTo(values.bytes);
        return values;
    }
}
