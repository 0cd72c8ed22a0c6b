using System.Text;

namespace RadTex;

/// <summary>
/// Text of files as it may be shown on a terminal or a page. A header, a label or a file's name may hold anything: escape sequences that recolour a
/// terminal or retitle its window, marks that turn the order of letters about. Each becomes one visible character.
/// </summary>
public static class PrintableText
{
    private const int ControlPictures = 0x2400, Delete = 0x7F;

    /// <summary>
    /// The text with control characters, but for line breaks and tabs, as Unicode's control pictures; directional marks, lone surrogates and
    /// noncharacters as U+FFFD.
    /// </summary>
    public static string Of(string text)
    {
        int first = FirstHidden(text);
        if (first < 0) return text;
        var shown = new StringBuilder(text, 0, first, text.Length);
        for (int i = first; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) shown.Append(text[i]).Append(text[++i]);
            else shown.Append(Show(text[i]));
        }
        return shown.ToString();
    }

    private static int FirstHidden(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) || Show(text[i]) != text[i]) return i;
        return -1;
    }

    private static char Show(char c) =>
        c is '\n' or '\t' ? c
        : c < ' ' ? (char)(ControlPictures + c)
        : c == Delete ? '\u2421'
        : char.IsControl(c) || char.IsSurrogate(c) || IsDirectional(c) || c is >= '\uFFFE' or (>= '\uFDD0' and <= '\uFDEF') ? '\uFFFD'
        : c;

    /// <summary>Marks that change the order in which text is shown: of embedding, override and isolation, and the three plain ones.</summary>
    private static bool IsDirectional(char c) =>
        c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';
}
