using static TorchSharp.torch;

namespace RadTex.Learning.Native;

/// <summary>
/// What torch keeps for the whole process, set while a program of ours runs and put back when this is disposed of, on the thread that made it: its
/// number of threads, and on a GPU whether float32 is multiplied as TF32. Programs side by side that ask for different ones would see each other's.
/// </summary>
internal sealed class TorchSettings : IDisposable
{
    private readonly int threadsBefore;
    private readonly (bool Products, bool Convolutions)? tf32Before;

    /// <param name="threads">Torch's threads; 0 to leave them as they are.</param>
    /// <param name="tf32">Whether a GPU may multiply float32 as TF32; null to leave it as it is.</param>
    internal TorchSettings(int threads, bool? tf32)
    {
        TorchLibrary.EnsureLoaded();
        threadsBefore = get_num_threads();
        if (threads > 0) set_num_threads(threads);
        if (tf32 is not { } allowed) return;
        tf32Before = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        // torch allows the second by itself: fp32 would not be float32
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (allowed, allowed);
    }

    public void Dispose()
    {
        if (get_num_threads() != threadsBefore) set_num_threads(threadsBefore);
        if (tf32Before is { } before) (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = before;
    }
}
