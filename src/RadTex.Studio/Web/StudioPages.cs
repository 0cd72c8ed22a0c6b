using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RadTex.Imaging;
using RadTex.Reporting;
using RadTex.Studio.Web.Pages;

namespace RadTex.Studio.Web;

/// <summary>The pages, rendered here on the server, and what they load.</summary>
internal static class StudioPages
{
    private const int ThumbnailSide = 512;

    internal static void Map(IEndpointRouteBuilder to, Workplace work)
    {
        var settings = work.Session.Settings;
        to.MapGet("/", (HttpContext context) => RenderAsync<ReadingPage>(context, new()
        {
            ["Finding"] = context.Request.Query["finding"] is [{ } asked] && settings.Findings.Contains(asked) ? asked : settings.Findings[0],
            ["Reader"] = StudioEndpoints.ReaderOf(context),
            ["Settings"] = settings,
        }));
        Add<ProgressPage>("/progress");
        Add<AgreementPage>("/agreement");
        Add<AdjudicationPage>("/adjudicate");
        Add<CardPage>("/card");
        Add<ExportsPage>("/exports");
        Add<AboutPage>("/about");
        to.MapGet("/gallery", (HttpContext context) => RenderAsync<GalleryPage>(
            context, new() { ["Work"] = work, ["Reader"] = StudioEndpoints.ReaderOf(context) }));
        to.MapGet("/thumb/{hash}", (HttpContext context, string hash) => ThumbnailAsync(context, work, hash));
        StudioDownloads.Map(to, work);

        void Add<T>(string path) where T : IComponent =>
            to.MapGet(path, (HttpContext context) => RenderAsync<T>(context, new() { ["Work"] = work }));
    }

    /// <summary>A page, rendered here.</summary>
    internal static async Task RenderAsync<T>(HttpContext context, Dictionary<string, object?> parameters) where T : IComponent
    {
        await using var renderer = new HtmlRenderer(context.RequestServices, context.RequestServices.GetRequiredService<ILoggerFactory>());
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters)).ConfigureAwait(false)).ToHtmlString())
                .ConfigureAwait(false);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task ThumbnailAsync(HttpContext context, Workplace work, string hash)
    {
        int row = work.RadiographOf(hash).Index;
        var (picture, _) = await work.Originals.FitAsync(row, ThumbnailSide, ThumbnailSide, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "image/png";
        await context.Response.Body.WriteAsync(Png(picture), context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A picture in its first greys.</summary>
    internal static ReadOnlyMemory<byte> Png(FullRadiograph picture) => ReportImage
        .FromGrey(Array.ConvertAll(picture.Values, v => picture.Tables[0].Greys[v]), picture.Width, picture.Height, "").Png;
}
