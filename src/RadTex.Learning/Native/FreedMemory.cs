using RadTex.Files;

namespace RadTex.Learning.Native;

/// <summary>Lets glibc's allocator keep what is freed, in one arena, instead of giving large blocks back to the system at once.</summary>
/// <remarks>
/// A training step frees and asks for the same hundreds of megabytes again and again. By default blocks over 32 MB go back to the system at
/// once, and each of their pages comes back with a fault and zeroed: half of a step's processor time where the vocabulary is SciBERT's. The
/// allocator reads its variables when a process starts, and threads that .NET has made by then have arenas of their own, so nothing said
/// later has the same effect: mallopt stood here before, and left half of such a step to page faults. Other C libraries do not read these variables.
/// </remarks>
public static class FreedMemory
{
    private const string Sign = "MALLOC_TRIM_THRESHOLD_"; // set by the first start, or by the user

    /// <summary>
    /// Starts this program anew, same process and words, with the variables set; returns where they are already. For the first line of a program.
    /// </summary>
    public static void Keep()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Sign) is not null) return;
        try
        {
            if (File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: true) is not { } program) return;
            string[] words = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1]; // each ends in a NUL
            Posix.SetEnvironmentDefault(Sign, "17179869184");
            Posix.SetEnvironmentDefault("MALLOC_ARENA_MAX", "1");
            Posix.SetEnvironmentDefault("MALLOC_MMAP_MAX_", "0");
            Posix.SetEnvironmentDefault("MALLOC_TOP_PAD_", "16777216");
            _ = Posix.Execute(program.FullName, [.. words, null]); // comes back only where it fails, and then things go on as they are
        }
        catch (IOException) { /* no /proc */ }
    }
}
