using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RadTex.Service.Web;

namespace RadTex.Service.Tests;

/// <summary>What the service is to those outside: TLS where configured, a collector that is told, and no tensor library in its process.</summary>
public sealed class OutsideTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS_alone()
    {
        string thumbprint = "";
        await using var service = await SmallService.StartAsync(s =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=radtex.test", key, HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
            thumbprint = certificate.Thumbprint;
            File.WriteAllText(s.File("tls.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(s.File("tls.key"), key.ExportPkcs8PrivateKeyPem());
            return s.Settings with { Listen = new() { Port = 0, CertificateFile = s.File("tls.pem"), CertificateKeyFile = s.File("tls.key") } };
        });
        service.Running.Address.Scheme.ShouldBe("https");
        using var handler = new HttpClientHandler();
        handler.ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == thumbprint;
        using var client = new HttpClient(handler) { BaseAddress = service.Running.Address };
        (await client.GetAsync("/health/live", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await HealthProbe.AnswersAsync(service.Settings.Listen with { Port = service.Running.Address.Port }, Cancellation)).ShouldBeTrue();
        using var content = new ByteArrayContent(Radiographs.Bytes(0));
        (await client.PostAsync("/v1/predictions", content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var plain = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(
            () => plain.GetAsync(new UriBuilder(service.Running.Address) { Scheme = "http", Path = "/health/live" }.Uri, Cancellation));
    }

    [Fact]
    public async Task A_health_check_asks_the_service_of_its_configuration()
    {
        await using var service = await SmallService.StartAsync();
        await File.WriteAllTextAsync(service.File("serve.json"), $$"""{"listen": {"port": {{service.Running.Address.Port}} } }""", Cancellation);
        (await ServiceProgram.Main(["health", service.File("serve.json")])).ShouldBe(0);
        await service.StopAsync();
        (await ServiceProgram.Main(["health", service.File("serve.json")])).ShouldBe(1);
    }

    [Fact]
    public async Task A_collector_is_told_metrics_and_traces_and_nothing_of_a_patient()
    {
        using var collector = new Collector();
        await using (var service = await SmallService.StartAsync(s => s.Settings with { Watching = new() { Otlp = collector.Address } }))
        {
            await service.AnswerAsync(Radiographs.Bytes(0));
            await service.IdleAsync();
        } // what is left is told at the end
        string Told(string path) => string.Concat(collector.Requests.Where(r => r.Path == path).Select(r => r.Body));
        Told("/v1/metrics").ShouldContain("radtex.judged");
        Told("/v1/traces").ShouldContain("judge");
        foreach (var text in (string[])["SYNTHETIC^PHANTOM", "A77", "p7"])
            collector.Requests.ShouldAllBe(r => !r.Body.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_tensor_library_is_in_its_process_or_beside_it()
    {
        await using var service = await SmallService.StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(0));
        AppDomain.CurrentDomain.GetAssemblies().ShouldAllBe(a => !a.GetName().Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase));
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*torch*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    /// <summary>Takes whatever is posted, and keeps it.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener listener = new();

        internal Collector()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
            }
            listener.Prefixes.Add(Address + "/");
            listener.Start();
            _ = TakeAsync();
        }

        internal string Address { get; }

        internal ConcurrentQueue<(string Path, string Body)> Requests { get; } = [];

        public void Dispose() => listener.Close();

        private async Task TakeAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try { context = await listener.GetContextAsync(); }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
                using var reader = new StreamReader(context.Request.InputStream, System.Text.Encoding.Latin1);
                Requests.Enqueue((context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync()));
                context.Response.Close();
            }
        }
    }
}
