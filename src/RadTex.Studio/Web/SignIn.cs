using System.Net;
using Microsoft.AspNetCore.Http;

namespace RadTex.Studio.Web;

/// <summary>The page on which a reader says who he or she is, where the studio has passwords.</summary>
internal static class SignIn
{
    internal const string Path = "/sign-in";
    private const int LongestField = 1_000;

    /// <summary>Shows it.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="fault">What was wrong before; null for nothing.</param>
    internal static async Task WriteAsync(HttpContext context, string? fault)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in · RadTex studio</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/pages.css"></head>
            <body><main id="main"><h1>RadTex studio</h1>
            {(fault is null ? "" : $"<p role=\"alert\"><strong>{WebUtility.HtmlEncode(fault)}</strong></p>")}
            <form method="post" action="{Path}" class="sign-in">
            <p><label>Reader <input name="reader" autocomplete="username" required autofocus></label></p>
            <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
            <p><button>Sign in</button></p></form></main></body></html>
            """, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What was sent; empty where it is no form.</summary>
    internal static async Task<(string Reader, string Password)> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType) return ("", "");
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        string Field(string name) => form[name] is [{ Length: <= LongestField } value] ? value : "";
        return (Field("reader").Trim(), Field("password"));
    }
}
