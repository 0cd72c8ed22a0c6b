using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RadTex.Studio.Pictures;

namespace RadTex.Studio.Web;

/// <summary>The studio's pages and what they ask, served to its readers.</summary>
public sealed class StudioServer : IAsyncDisposable
{
    private const long LargestRequest = 1 << 16;
    private const int MostConnections = 64;

    // Nothing is fetched from elsewhere, framed, or sent elsewhere. Charts are SVG in the page; maps and thumbnails come as data.
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly WebApplication application;
    private readonly Access access;
    private readonly ListenOptions listening;
    private HashSet<string> hosts = [];

    private readonly Task<Workplace> opening;
    private readonly FolderPreview? preview;
    private readonly StudioSetup? setup;
    private readonly Lazy<RequestDelegate> studio;

    private StudioServer(
        WebApplication application, IReadOnlyList<string> readers, StudioOpening opening, ListenOptions listening)
    {
        (this.application, this.listening, access) = (application, listening, new(readers));
        (this.opening, preview, setup) = (opening.Work, opening.Preview, opening.Setup);
        studio = new(() =>
        {
            var of = ((IApplicationBuilder)application).New();
            of.UseRouting();
            of.UseEndpoints(to => StudioEndpoints.Map(to, this.opening.Result));
            return of.Build();
        });
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The address that lets a reader in, once.</summary>
    public Uri AddressOf(string reader) => new(Address, $"?{Access.TokenName}={access.TokenOf(reader)}");

    /// <summary>Lets these readers in from now on, and no others; who is in stays in.</summary>
    public void Admit(IReadOnlyList<string> readers) => access.Keep(readers);

    /// <summary>Starts.</summary>
    /// <param name="work">Stays the caller's to dispose, after the server.</param>
    /// <param name="listening">Where, and how readers are known.</param>
    /// <param name="cancellation">Of the start.</param>
    /// <exception cref="UserErrorException">The port is taken, or anyone could get in.</exception>
    public static Task<StudioServer> StartAsync(Workplace work, ListenOptions listening, CancellationToken cancellation = default) =>
        StartAsync(work.Options.Readers, new(Task.FromResult(work)), listening, cancellation);

    /// <summary>Starts while there is no project yet: until then readers see what is asked of them, or how far a folder is.</summary>
    /// <param name="readers">Their handles.</param>
    /// <param name="opening">What is served once it is there, and what is shown before.</param>
    /// <param name="listening">Where, and how readers are known.</param>
    /// <param name="cancellation">Of the start.</param>
    /// <exception cref="UserErrorException">The port is taken, or anyone could get in.</exception>
    public static async Task<StudioServer> StartAsync(
        IReadOnlyList<string> readers, StudioOpening opening, ListenOptions listening, CancellationToken cancellation = default)
    {
        listening.Require(readers);
        // An empty builder: no settings, addresses or pages are taken from files or variables that happen to be there, and nothing is logged.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "RadTex.Studio", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(listening.Address, listening.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        builder.Services.AddRoutingCore().AddLogging();
        var server = new StudioServer(builder.Build(), readers, opening, listening);
        try
        {
            server.application.Use(server.GuardAsync);
            server.application.Run(server.ServeAsync);
            await server.application.StartAsync(cancellation).ConfigureAwait(false);
            var features = server.application.Services.GetRequiredService<IServer>().Features;
            server.Address = new(features.Get<IServerAddressesFeature>()!.Addresses.First());
            string[] names = [.. listening.IsOpen ? [new UriBuilder(server.Address).Host] : (string[])["127.0.0.1", "localhost"], .. listening.Hosts];
            // Behind a proxy the port is the proxy's.
            server.hosts =
                [.. names.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h}:{server.Address.Port}")), .. listening.Hosts];
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            if (e is IOException)
                throw new UserErrorException(
                    $"{listening.Address}, port {listening.Port} cannot be listened on: {e.Message} Expected an address of this "
                        + "machine and a free port; 0 takes any.",
                    e);
            throw;
        }
    }

    /// <summary>Stops listening; the workplace stays the caller's.</summary>
    public async ValueTask DisposeAsync() => await application.DisposeAsync().ConfigureAwait(false);

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        bool isOfProxy = context.Connection.RemoteIpAddress is { } remote && listening.Proxies.Any(p => p.Equals(Plain(remote)));
        if (Access.Fault(request, hosts, isOfProxy) is { } fault)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, $"Refused: {fault}.").ConfigureAwait(false);
            return;
        }
        string cookieName = string.Create(CultureInfo.InvariantCulture, $"radtex-{Address.Port}");
        bool hasTokens = listening.Passwords is null && listening.ProxyHeader is null;
        if (hasTokens && request.Path == "/" && request.Query[Access.TokenName] is [{ } token])
        {
            await EnterAsync(context, token, cookieName).ConfigureAwait(false);
            return;
        }
        if (listening.Passwords is { } passwords && request.Path == SignIn.Path && HttpMethods.IsPost(request.Method))
        {
            await SignInAsync(context, passwords, cookieName, isOfProxy).ConfigureAwait(false);
            return;
        }
        // A proxy's word alone, never the same header from elsewhere.
        var said = isOfProxy ? (string?)request.Headers[listening.ProxyHeader!] : null;
        var reader = said is null ? access.ReaderOf(request.Cookies[cookieName]) : access.SecretOf(said) is null ? null : said;
        if (reader is null)
        {
            await RefuseStrangerAsync(context, next, hasTokens).ConfigureAwait(false);
            return;
        }
        context.Items[Access.ReaderItem] = reader;
        try { await next(context).ConfigureAwait(false); }
        catch (UserErrorException e)
        {
            var message = opening.IsCompletedSuccessfully ? opening.Result.WithoutPaths(e.Message)
                : IsAsking ? e.Message : "The folder is still being prepared.";
            await RefuseAsync(context, StatusCodes.Status409Conflict, message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The request is not one of this studio's pages'.").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { }
    }

    private bool IsAsking => setup is { Chosen.IsCompleted: false };

    private Task ServeAsync(HttpContext context) => StudioAssets.Has(context.Request.Path) ? StudioAssets.ServeAsync(context)
        : opening.IsCompletedSuccessfully ? studio.Value(context)
        : IsAsking ? SetupRequests.ServeAsync(context, setup!, access)
        : PreparingPage.ServeAsync(context, preview);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async Task RefuseStrangerAsync(HttpContext context, RequestDelegate next, bool hasTokens)
    {
        bool isData = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        if (listening.Passwords is not null && !isData)
        {
            // The page to sign in on looks like the others.
            if (context.Request.Path == "/pages.css") await next(context).ConfigureAwait(false);
            else await SignIn.WriteAsync(context, null).ConfigureAwait(false);
            return;
        }
        await RefuseAsync(
            context, StatusCodes.Status403Forbidden,
            hasTokens ? "This studio is opened by the address that its terminal shows, once. Start it again for a new one."
                : listening.Passwords is not null ? "You are not signed in. Load the page again."
                : "The proxy did not name a reader of this studio.").ConfigureAwait(false);
    }

    private async Task SignInAsync(HttpContext context, ReaderPasswords passwords, string cookieName, bool isOfProxy)
    {
        var (reader, password) = await SignIn.ReadAsync(context).ConfigureAwait(false);
        var secret = access.SecretOf(reader);
        var fault = passwords.Fault(reader, password) ?? (secret is null ? "That reader does not read in this studio." : null);
        if (fault is not null)
        {
            await SignIn.WriteAsync(context, fault).ConfigureAwait(false);
            return;
        }
        Admit(context, cookieName, secret!, isOfProxy);
        context.Response.Redirect("/");
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    private static void Admit(HttpContext context, string cookieName, string secret, bool isSecure) => context.Response.Cookies.Append(
        cookieName, secret, new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, Secure = isSecure });

    private async Task EnterAsync(HttpContext context, string token, string cookieName)
    {
        bool isIn = access.ReaderOf(context.Request.Cookies[cookieName]) is not null;
        if (access.Take(token) is { } taken) Admit(context, cookieName, taken.Secret, isSecure: false);
        else if (!isIn)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "This address was used already. Start the studio again for a new one.")
                .ConfigureAwait(false);
            return;
        }
        // A page that goes on by itself, no redirection: a browser sends a strict cookie only where the studio itself leads.
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" "
                + "content=\"0;url=/\"><link rel=\"icon\" href=\"data:,\"><title>RadTex studio</title>"
                + "<p><a href=\"/\">To the studio</a></p></html>", context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string why)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = status;
        bool isData = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        context.Response.ContentType = isData ? "application/json" : "text/plain; charset=utf-8";
        await context.Response.WriteAsync(isData ? JsonSerializer.Serialize(new { Error = why }, JsonFormat.Line) : why, context.RequestAborted)
            .ConfigureAwait(false);
    }
}
