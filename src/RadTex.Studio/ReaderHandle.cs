namespace RadTex.Studio;

/// <summary>What a reader is known by: never a name.</summary>
public static class ReaderHandle
{
    private const int Longest = 32;

    /// <summary>Whether a text is a handle: letters, digits, - and _, such as reader-1.</summary>
    public static bool Is(string text) => text.Length is > 0 and <= Longest && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
