using RadTex.Files;

namespace RadTex.Learning.Native;

/// <summary>
/// Whether a program was given its output streams. The number of one that is closed, as <c>&gt;&amp;-</c> does, goes to the next file that is
/// opened: lines meant for a terminal would go into a dataset or a run.
/// </summary>
internal static class StandardStreams
{
    private const int OutputDescriptor = 1, ErrorDescriptor = 2;

    /// <summary>Whether standard output was open when the program was started; true on systems other than Linux, which do not tell.</summary>
    public static bool HasOutput => Posix.WasInherited(OutputDescriptor);

    /// <summary>The same of standard error.</summary>
    public static bool HasError => Posix.WasInherited(ErrorDescriptor);
}
