using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using RadTex.Reporting;

namespace RadTex.Studio.Web;

/// <summary>The scripts and the style sheets, which are part of the program.</summary>
internal static class StudioAssets
{
    private static readonly string[] Names =
        ["pages.css", "reading.css", "pages.js", "preparing.js", "reading.js", "setup.js", "viewer.js"];

    private static readonly Dictionary<string, Lazy<byte[]>> ByPath = Names.ToDictionary(n => "/" + n, n => new Lazy<byte[]>(() =>
        // The pages look like reports.
        n == "pages.css" ? [.. Encoding.UTF8.GetBytes(ReportStyle.Css), .. Read(n)] : Read(n)));

    /// <summary>Whether a path is one of theirs.</summary>
    internal static bool Has(PathString path) => path.Value is { } value && ByPath.ContainsKey(value);

    internal static async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentType = path.EndsWith("css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        await context.Response.Body.WriteAsync(ByPath[path].Value, context.RequestAborted).ConfigureAwait(false);
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"RadTex.Studio.Web.Assets.{name}")
            ?? throw new InvalidOperationException($"{name} is not part of the program");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
