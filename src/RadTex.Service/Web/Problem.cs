using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace RadTex.Service.Web;

/// <summary>An error as JSON (RFC 9457): fixed words alone.</summary>
internal static class Problem
{
    internal const string ContentType = "application/problem+json";

    internal static Task WriteAsync(HttpContext context, int status, string title, CancellationToken cancellation) =>
        WriteAsync(context, status, new { Status = status, Title = title }, ContentType, cancellation);

    internal static async Task WriteAsync(HttpContext context, int status, object body, string contentType, CancellationToken cancellation)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body as string ?? JsonSerializer.Serialize(body, JsonFormat.Line), cancellation).ConfigureAwait(false);
    }
}
