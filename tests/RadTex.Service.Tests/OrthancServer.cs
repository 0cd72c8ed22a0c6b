using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace RadTex.Service.Tests;

/// <summary>Debian's Orthanc with its DICOMweb plug-in on free ports of the loopback address, with a database of its own.</summary>
internal sealed class OrthancServer : IDisposable
{
    private const string Program = "/usr/sbin/Orthanc", Plugins = "/usr/share/orthanc/plugins";

    private readonly TemporaryFolder folder = new();
    private Process? process;

    private OrthancServer() => (HttpPort, DicomPort) = (FreePort(), FreePort());

    internal int HttpPort { get; }

    internal int DicomPort { get; }

    internal string Url => $"http://127.0.0.1:{HttpPort}";

    internal HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Starts one; skips the test, saying so, where it is not installed.</summary>
    internal static async Task<OrthancServer> StartAsync(CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists(Program) && Directory.Exists(Plugins), "needs Orthanc: apt-get install orthanc orthanc-dicomweb");
        var server = new OrthancServer();
        await server.BeginAsync(cancellation);
        return server;
    }

    internal async Task BeginAsync(CancellationToken cancellation)
    {
        var settings = new Dictionary<string, object>
        {
            ["Name"] = "test",
            ["StorageDirectory"] = folder.File("storage"),
            ["IndexDirectory"] = folder.File("index"),
            ["Plugins"] = new[] { Plugins },
            ["HttpPort"] = HttpPort,
            ["DicomPort"] = DicomPort,
            ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false,
            ["DicomAet"] = "RADTEX",
            ["DicomCheckCalledAet"] = false,
            ["OverwriteInstances"] = false,
            ["HttpVerbose"] = false,
        };
        await File.WriteAllTextAsync(folder.File("orthanc.json"), JsonSerializer.Serialize(settings), cancellation);
        process = Process.Start(
            new ProcessStartInfo(Program, [folder.File("orthanc.json")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        for (int tries = 0; ; tries++)
        {
            try
            {
                (await Client.GetAsync($"{Url}/system", cancellation)).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (tries < 300 && !process.HasExited) { await Task.Delay(100, cancellation); }
        }
    }

    internal void Stop()
    {
        if (process is null) return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>Sends files as a modality does.</summary>
    internal void Store(params IEnumerable<string> paths) => ExternalProgram.Run(
        "storescu", "dcmtk",
        ["-aec", "RADTEX", "-aet", "XRAY1", "127.0.0.1", DicomPort.ToString(System.Globalization.CultureInfo.InvariantCulture), .. paths]);

    /// <summary>The ids of what it holds of a modality.</summary>
    internal async Task<string[]> OfModalityAsync(string modality, CancellationToken cancellation)
    {
        using var content = new StringContent(
            JsonSerializer.Serialize(new { Level = "Instance", Query = new Dictionary<string, string> { ["Modality"] = modality } }));
        using var response = await Client.PostAsync($"{Url}/tools/find", content, cancellation);
        return JsonSerializer.Deserialize<string[]>(await response.Content.ReadAsStringAsync(cancellation))!;
    }

    public void Dispose()
    {
        Stop();
        Client.Dispose();
        folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
