using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RadTex.Service.Settings;
using RadTex.Service.Spool;
using RadTex.Service.Watching;

namespace RadTex.Service.Web;

/// <summary>What stands before every request: the name it calls the service by, where it comes from, its key, its rate, its time.</summary>
internal sealed class Guard(ServiceSettings settings, Credentials credentials, AuditLog audit, ServiceMetrics metrics, ILogger log) : IDisposable
{
    // Nothing is fetched from elsewhere, framed, or sent elsewhere.
    private const string ContentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private readonly PartitionedRateLimiter<string> rates = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
        {
            TokenLimit = Math.Max(1, settings.Limits.RequestsPerMinute),
            TokensPerPeriod = Math.Max(1, settings.Limits.RequestsPerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, 60.0 / settings.Limits.RequestsPerMinute)),
            AutoReplenishment = true,
        }));

    // Who is denied may come again and again: the audit is durable line by line, and is not his to fill.
    private readonly FixedWindowRateLimiter deniedLines = new(new() { PermitLimit = 60, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true });

    private HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names the address that the service is called by.</summary>
    internal void Listen(Uri address)
    {
        IEnumerable<string> names = [settings.Listen.Address, .. settings.Listen.Hosts];
        if (ServiceSettings.IsLoopback(settings.Listen.Address)) names = names.Append("localhost");
        hosts = new(names, StringComparer.OrdinalIgnoreCase) { address.Host };
    }

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // A name that is not ours is another site's that was made to lead here.
        if (!hosts.Contains(request.Host.Host)) { await DenyAsync(context, 403, "the host is not this service's").ConfigureAwait(false); return; }
        string? origin = request.Headers.Origin;
        if (origin is not null && origin != $"{request.Scheme}://{request.Host}")
        {
            await DenyAsync(context, 403, "the request comes from another site").ConfigureAwait(false);
            return;
        }
        bool isPublic = request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || IsPage(request.Path);
        var caller = credentials.IsOpen || isPublic ? Caller.AddressOf(context) : await credentials.NameOfAsync(request).ConfigureAwait(false);
        using var lease = rates.AttemptAcquire(caller ?? Caller.AddressOf(context));
        if (!lease.IsAcquired)
        {
            response.Headers.RetryAfter = "1";
            await DenyAsync(context, 429, "too many requests").ConfigureAwait(false);
            return;
        }
        if (caller is null)
        {
            response.Headers.WWWAuthenticate = "Bearer";
            await DenyAsync(context, 401, "a valid key is needed").ConfigureAwait(false);
            return;
        }
        Caller.Set(context, caller);
        await RunAsync(context, next).ConfigureAwait(false);
    }

    public void Dispose()
    {
        rates.Dispose();
        deniedLines.Dispose();
    }

    // The page to try it is no secret; what it asks needs the key.
    private static bool IsPage(PathString path) => path == "/" || path.StartsWithSegments("/assets", StringComparison.Ordinal);

    private async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.Limits.RequestSeconds + settings.Limits.AnswerSeconds));
        var aborted = context.RequestAborted;
        context.RequestAborted = limit.Token;
        try { await next(context).ConfigureAwait(false); }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested) { } // nobody waits any more
        catch (OperationCanceledException) { await DenyAsync(context, 408, "the request took too long").ConfigureAwait(false); }
        catch (BadHttpRequestException e) { await DenyAsync(context, e.StatusCode, "the request is broken or too large").ConfigureAwait(false); }
        catch (Exception e) when (e is IOException or InvalidDataException && !context.Response.HasStarted)
        {
            await DenyAsync(context, 400, "the request is broken or was cut off").ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            ServiceLog.RequestFailed(log, e);
            await DenyAsync(context, 503, "the queue cannot be used now").ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the last resort: what escapes is our fault, and says nothing of what was sent
        catch (Exception e)
        {
            ServiceLog.RequestFailed(log, e);
            await DenyAsync(context, 500, "a fault of the service").ConfigureAwait(false);
        }
#pragma warning restore CA1031
    }

    private async Task DenyAsync(HttpContext context, int status, string why)
    {
        metrics.Denied(status);
        ServiceLog.Denied(log, status);
        using var line = deniedLines.AttemptAcquire();
        if (status is 401 or 403 && line.IsAcquired)
            audit.Append(new(AuditKind.Denied) { Who = Caller.AddressOf(context), Note = why });
        await Problem.WriteAsync(context, status, why, CancellationToken.None).ConfigureAwait(false);
    }
}
