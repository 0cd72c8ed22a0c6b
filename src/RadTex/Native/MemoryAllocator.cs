using System.Runtime.InteropServices;

namespace RadTex.Native;

/// <summary>glibc's allocator, set for training.</summary>
internal static partial class MemoryAllocator
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // malloc.h

    /// <summary>
    /// Keeps freed memory instead of giving it back: each step asks for the same large blocks again, and mapping and clearing their
    /// pages anew costs time (30 updates of preset phantom: 1.1 s in the system instead of 2.7, of 32; resident memory grew by 3%).
    /// Does nothing where the C library is another.
    /// </summary>
    internal static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = MAllOpt(MmapMax, 0);
            _ = MAllOpt(TrimThreshold, int.MaxValue);
            _ = MAllOpt(TopPad, 256 << 20);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException) { /* musl has no mallopt; nothing depends on it */ }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MAllOpt(int parameter, int value);
}
