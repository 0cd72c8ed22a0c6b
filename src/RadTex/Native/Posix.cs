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

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Execute(string path, string?[] words);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
