using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace RadTex.Files;

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

    /// <summary>What a path stands for, links followed; unknown where there is nothing, or on a system other than Linux.</summary>
    internal static unsafe FileKind KindOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return FileKind.Unknown;
        // struct statx has one layout on every processor: stx_mode at byte 28 of 256.
        const int CurrentFolder = -100, WantsType = 1, ModeAt = 28, Bytes = 256;
        byte* found = stackalloc byte[Bytes];
        if (Status(CurrentFolder, path, 0, WantsType, found) != 0) return FileKind.Unknown;
        return (*(ushort*)(found + ModeAt) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x1000 => FileKind.Pipe,
            0xC000 => FileKind.Socket,
            0x2000 or 0x6000 => FileKind.Device,
            _ => FileKind.Unknown,
        };
    }

    /// <summary>
    /// Whether a descriptor was open when this program was started: what .NET opens is closed on exec, what a program is given is not.
    /// </summary>
    internal static bool WasInherited(int descriptor)
    {
        const int GetFlags = 1, CloseOnExec = 1;
        return !OperatingSystem.IsLinux() || Control(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;
    }

    /// <summary>
    /// Sets a variable where native libraries read it (.NET's own copy of the environment does not reach them), unless the user has set it.
    /// </summary>
    internal static void SetEnvironmentDefault(string name, string value)
    {
        if (OperatingSystem.IsLinux()) _ = SetEnvironment(name, value, 0);
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Execute(string path, string?[] words);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint wanted, byte* found);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int request);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
