using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RadTex.Studio.Web.Pages;

namespace RadTex.Studio.Web;

/// <summary>What a reader sees before the first picture, where nobody said what is asked: the page that asks, and its answer.</summary>
internal static class SetupRequests
{
    private const string Path = "/api/setup";

    internal static async Task ServeAsync(HttpContext context, StudioSetup setup, Access access)
    {
        var reader = StudioEndpoints.ReaderOf(context);
        if (context.Request.Path != Path || !HttpMethods.IsPost(context.Request.Method))
        {
            await StudioPages.RenderAsync<SetupPage>(context, new() { ["Setup"] = setup, ["Reader"] = reader }).ConfigureAwait(false);
            return;
        }
        var choice = await JsonSerializer.DeserializeAsync<SetupChoice>(context.Request.Body, JsonFormat.Line, context.RequestAborted)
            .ConfigureAwait(false) is { Findings: not null, Readers: not null, Policy: not null } whole
                ? whole
                : throw new JsonException("incomplete");
        setup.Choose(reader, choice);
        access.Keep((await setup.Chosen.ConfigureAwait(false)).Readers);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("{}", context.RequestAborted).ConfigureAwait(false);
    }
}
