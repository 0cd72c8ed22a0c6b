using System.Net;
using System.Text;

namespace RadTex.Reporting;

/// <summary>Makes any text safe inside HTML: a report, a file name or a model's output may hold anything.</summary>
internal static class HtmlText
{
    /// <summary>Escapes for element content and quoted attributes, and drops what no HTML document may hold (control characters, lone surrogates).</summary>
    internal static string Escape(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !Rune.IsControl(rune)) clean.Append(rune);
        }
        return WebUtility.HtmlEncode(clean.ToString());
    }

    /// <summary>A number for SVG coordinates: two decimals are a fiftieth of a pixel.</summary>
    internal static string Coordinate(double value) => value.ToString("0.##");
}
