using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RadTex.Studio.Pictures;

namespace RadTex.Studio.Web;

/// <summary>What a reader sees while a folder is being prepared: its first picture, how far it is, and then the reading room by itself.</summary>
internal static class PreparingPage
{
    private const string Page = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Preparing · RadTex studio</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/reading.css">
        <script src="/preparing.js" defer></script></head>
        <body class="preparing"><main id="main"><h1 class="unseen">RadTex studio</h1>
        <img id="first" alt="The first radiograph of the folder" src="/first.png">
        <p id="progress" role="status">The folder is being prepared. This is its first picture;
        questions begin when all are known. No diagnostic display.</p>
        </main></body></html>
        """;

    internal static async Task ServeAsync(HttpContext context, FolderPreview preview)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/reading.css":
            case "/preparing.js":
                response.ContentType = context.Request.Path.Value.EndsWith("css", StringComparison.Ordinal) ? "text/css" : "text/javascript";
                await response.Body.WriteAsync(StudioAssets.Read(context.Request.Path.Value[1..]), context.RequestAborted).ConfigureAwait(false);
                break;
            case "/first.png":
                if (await preview.Picture.WaitAsync(context.RequestAborted).ConfigureAwait(false) is not { } picture)
                {
                    response.StatusCode = StatusCodes.Status404NotFound;
                    break;
                }
                response.ContentType = "image/png";
                await response.Body.WriteAsync(StudioPages.Png(picture), context.RequestAborted).ConfigureAwait(false);
                break;
            case "/api/preparing":
                var latest = preview.Latest;
                response.ContentType = "application/json";
                await response.WriteAsync(
                    JsonSerializer.Serialize(new { latest?.Done, latest?.Total, latest?.Unit }, JsonFormat.Line), context.RequestAborted)
                    .ConfigureAwait(false);
                break;
            default:
                response.ContentType = "text/html; charset=utf-8";
                await response.WriteAsync(Page, context.RequestAborted).ConfigureAwait(false);
                break;
        }
    }
}
