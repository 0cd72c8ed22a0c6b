using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RadTex.Service.Web;

/// <summary>A page to try the service with: its own files, no foreign host.</summary>
internal static class PageEndpoints
{
    internal static void Map(IEndpointRouteBuilder to)
    {
        to.MapGet("/", () => Asset("try.html", "text/html; charset=utf-8")).ExcludeFromDescription();
        to.MapGet("/assets/try.css", () => Asset("try.css", "text/css; charset=utf-8")).ExcludeFromDescription();
        to.MapGet("/assets/try.js", () => Asset("try.js", "text/javascript; charset=utf-8")).ExcludeFromDescription();
    }

    private static IResult Asset(string name, string type) => Results.Stream(
        typeof(PageEndpoints).Assembly.GetManifestResourceStream($"RadTex.Service.Web.Assets.{name}")!, type);
}
