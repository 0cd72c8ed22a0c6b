using System.Net;

namespace RadTex.Reporting;

/// <summary>Makes any text safe inside HTML: a report, a file name or a model's output may hold anything.</summary>
internal static class HtmlText
{
    /// <summary>
    /// Escapes for element content and quoted attributes; what no HTML document may hold is shown by a character that stands for it.
    /// </summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(PrintableText.Of(text));

    /// <summary>A number for SVG coordinates: two decimals are a fiftieth of a pixel.</summary>
    internal static string Coordinate(double value) => value.ToString("0.##");
}
