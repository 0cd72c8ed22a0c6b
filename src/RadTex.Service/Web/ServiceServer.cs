using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RadTex.Service.Settings;
using RadTex.Service.Watching;

namespace RadTex.Service.Web;

/// <summary>The HTTP server: Kestrel with its limits, the guard before every endpoint, metrics and the OpenAPI document.</summary>
internal sealed class ServiceServer : IAsyncDisposable
{
    private const int MostConnections = 512;

    private readonly WebApplication application;

    private ServiceServer(WebApplication application) => this.application = application;

    /// <summary>Where it listens.</summary>
    internal Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts it.</summary>
    /// <param name="settings">Address, TLS and limits.</param>
    /// <param name="guard">Stands before every endpoint.</param>
    /// <param name="logs">Where lines go.</param>
    /// <param name="map">Adds the endpoints.</param>
    /// <param name="cancellation">Of the start.</param>
    /// <exception cref="UserErrorException">The address is taken, or the certificate cannot be read.</exception>
    internal static async Task<ServiceServer> StartAsync(
        ServiceSettings settings, Guard guard, ILoggerProvider logs, Action<WebApplication> map, CancellationToken cancellation)
    {
        // An empty builder: no settings, addresses or pages are taken from files or variables that happen to be there.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = ServiceMetrics.Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Information);
        var certificate = Certificate(settings.Listen);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, settings, certificate));
        builder.Services.AddRoutingCore().AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "RadTex service";
            document.Info.Description = "Chest radiographs in, findings out. Not for diagnostic use.";
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
        AddTelemetry(builder.Services, settings.Watching);
        var server = new ServiceServer(builder.Build());
        try
        {
            server.application.Use(guard.InvokeAsync);
            server.application.UseRouting();
            server.application.MapOpenApi("/openapi/{documentName}.json");
            server.application.MapPrometheusScrapingEndpoint("/metrics");
            map(server.application);
            server.application.UseEndpoints(_ => { });
            await server.application.StartAsync(cancellation).ConfigureAwait(false);
            var features = server.application.Services.GetRequiredService<IServer>().Features;
            server.Address = new(features.Get<IServerAddressesFeature>()!.Addresses.First());
            guard.Listen(server.Address);
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            if (e is IOException or System.Net.Sockets.SocketException)
                throw new UserErrorException(
                    $"{settings.Listen.Address}, port {settings.Listen.Port}, cannot be listened on: {e.Message} Expected a free port; 0 takes any.",
                    e);
            throw;
        }
    }

    /// <summary>Takes no new connection, and ends when the requests that are there have their answers, or after a time.</summary>
    internal async Task StopAsync(TimeSpan limit)
    {
        using var source = new CancellationTokenSource(limit);
        await application.StopAsync(source.Token).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync().ConfigureAwait(false);

    private static void Configure(KestrelServerOptions kestrel, ServiceSettings settings, X509Certificate2? certificate)
    {
        kestrel.Listen(IPAddress.Parse(settings.Listen.Address), settings.Listen.Port, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        });
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = (long)settings.Limits.RequestMegabytes << 20;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private static X509Certificate2? Certificate(ListenSettings listen)
    {
        if (listen.CertificateFile is not { } file) return null;
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(file, listen.CertificateKeyFile);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"The certificate {file} cannot be read: {e.Message} Expected PEM, with its key in listen.certificate_key_file.", e);
        }
    }

    private static void AddTelemetry(IServiceCollection services, WatchingSettings settings)
    {
        services.AddOpenTelemetry()
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(ServiceMetrics.Name)
                    .AddView(ServiceMetrics.StageName, new ExplicitBucketHistogramConfiguration { Boundaries = ServiceMetrics.SecondBounds })
                    .AddView(ServiceMetrics.ScoreName, new ExplicitBucketHistogramConfiguration { Boundaries = ServiceMetrics.ScoreBounds })
                    .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0);
                if (settings.Otlp is { } address)
                    metrics.AddOtlpExporter(
                        o => (o.Endpoint, o.Protocol) = (new(address.TrimEnd('/') + "/v1/metrics"), OtlpExportProtocol.HttpProtobuf));
            })
            .WithTracing(traces =>
            {
                traces.AddSource(ServiceMetrics.Name);
                if (settings.Otlp is { } address)
                    traces.AddOtlpExporter(
                        o => (o.Endpoint, o.Protocol) = (new(address.TrimEnd('/') + "/v1/traces"), OtlpExportProtocol.HttpProtobuf));
            });
    }
}
