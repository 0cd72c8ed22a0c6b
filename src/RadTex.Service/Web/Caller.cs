using Microsoft.AspNetCore.Http;

namespace RadTex.Service.Web;

/// <summary>Who asks: a key's name, a token's subject, or an address.</summary>
internal static class Caller
{
    private const string Item = "radtex.caller";

    internal static void Set(HttpContext context, string name) => context.Items[Item] = name;

    internal static string Of(HttpContext context) => (string?)context.Items[Item] ?? AddressOf(context);

    internal static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
