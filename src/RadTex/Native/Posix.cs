using System.Runtime.InteropServices;

namespace RadTex.Native;

/// <summary>The few calls of the C library that .NET does not offer.</summary>
internal static partial class Posix
{
    private const int OpenReadOnly = 0;

    /// <summary>Makes a rename in <paramref name="directory"/> survive a power cut. Best effort: some file systems refuse it.</summary>
    internal static void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsLinux()) return;
        int descriptor = Open(directory, OpenReadOnly);
        if (descriptor < 0) return;
        _ = FSync(descriptor);
        _ = Close(descriptor);
    }

    /// <summary>Sets a variable where native libraries read it (.NET's own copy of the environment does not reach them), unless the user has set it.</summary>
    internal static void SetEnvironmentDefault(string name, string value) => _ = SetEnvironment(name, value, 0);

    /// <summary>Makes glibc's allocator keep what is freed, in one arena, instead of giving large blocks back to the system at once.</summary>
    /// <remarks>
    /// A training step frees and asks for the same hundreds of megabytes again and again, and each page that comes back from the system costs
    /// a fault and is zeroed: half of a step's time where the vocabulary is SciBERT's. Other C libraries have no such call, and are left alone.
    /// </remarks>
    internal static void KeepFreedMemory()
    {
        const int trimThreshold = -1, topPad = -2, mmapMax = -4, arenaMax = -8;
        try
        {
            _ = MallOpt(arenaMax, 1);
            _ = MallOpt(mmapMax, 0);
            _ = MallOpt(trimThreshold, -1);
            _ = MallOpt(topPad, 16 << 20);
        }
        catch (EntryPointNotFoundException) { /* not glibc */ }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
