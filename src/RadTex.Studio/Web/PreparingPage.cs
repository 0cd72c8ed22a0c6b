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
        PICTURE
        <p id="progress" role="status">PROGRESS</p>
        </main></body></html>
        """;

    private static readonly string OfFolder = Page.Replace(
        "PICTURE", """<img id="first" alt="The first radiograph of the folder" src="/first.png">""", StringComparison.Ordinal).Replace(
        "PROGRESS", "The folder is being prepared. This is its first picture; questions begin when all are known. No diagnostic display.",
        StringComparison.Ordinal);

    private static readonly string OfDataset = Page.Replace("PICTURE", "<div></div>", StringComparison.Ordinal)
        .Replace("PROGRESS", "The project is being made; the first picture comes in a moment.", StringComparison.Ordinal);

    /// <param name="context">Of the request.</param>
    /// <param name="preview">Of a folder; null where a dataset is being opened.</param>
    internal static async Task ServeAsync(HttpContext context, FolderPreview? preview)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/first.png" when preview is not null:
                if (await preview.Picture.WaitAsync(context.RequestAborted).ConfigureAwait(false) is not { } picture)
                {
                    response.StatusCode = StatusCodes.Status404NotFound;
                    break;
                }
                response.ContentType = "image/png";
                await response.Body.WriteAsync(StudioPages.Png(picture), context.RequestAborted).ConfigureAwait(false);
                break;
            case "/api/preparing":
                var latest = preview?.Latest;
                response.ContentType = "application/json";
                await response.WriteAsync(
                    JsonSerializer.Serialize(new { latest?.Done, latest?.Total, latest?.Unit }, JsonFormat.Line), context.RequestAborted)
                    .ConfigureAwait(false);
                break;
            default:
                response.ContentType = "text/html; charset=utf-8";
                await response.WriteAsync(preview is null ? OfDataset : OfFolder, context.RequestAborted).ConfigureAwait(false);
                break;
        }
    }
}
