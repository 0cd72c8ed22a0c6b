using System.Net.Http.Headers;
using System.Text;
using RadTex.Service.Judging;
using RadTex.Service.Models;
using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Service.Tests;

/// <summary>A service over a drawn classifier that sends into a folder, on a free port of the loopback address.</summary>
internal sealed class SmallService : IAsyncDisposable
{
    internal const string Model = "chest-1";

    private readonly TemporaryFolder folder = new();
    private readonly StringBuilder log = new();
    private RadiographService? service;

    internal SmallService()
    {
        ModelPath = DrawnEncoder.WriteClassifier(File("chest.onnx"));
        Sha256 = new ModelRegistry(File("models")).Add(ModelPath, Model);
        Settings = new ServiceSettings
        {
            Spool = File("spool"),
            Models = File("models"),
            Listen = new() { Port = 0 },
            Limits = new() { FreeMegabytes = 0 },
            Destinations = [new() { Name = "archive", Folder = File("archive") }],
        };
    }

    internal ServiceSettings Settings { get; set; }

    internal string ModelPath { get; }

    internal string Sha256 { get; }

    internal HttpClient Client { get; private set; } = null!;

    internal RadiographService Running => service!;

    internal InstanceQueue Queue => service!.Spool.Queue;

    internal string Log
    {
        get
        {
            lock (log) return log.ToString();
        }
    }

    internal string[] Archive => Directory.Exists(File("archive")) ? Directory.GetFiles(File("archive"), "*.dcm") : [];

    internal string File(string name) => folder.File(name);

    internal static async Task<SmallService> StartAsync(Func<SmallService, ServiceSettings>? change = null)
    {
        var small = new SmallService();
        if (change is not null) small.Settings = change(small);
        try { await small.StartAsync(); }
        catch
        {
            await small.DisposeAsync();
            throw;
        }
        return small;
    }

    internal async Task StartAsync()
    {
        service = await RadiographService.StartAsync(Settings, TextWriter.Synchronized(new StringWriter(log)), cancellation: Cancellation);
        Client = new() { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    internal async Task StopAsync()
    {
        Client.Dispose();
        await service!.DisposeAsync();
        service = null;
    }

    internal async Task<HttpResponseMessage> PostAsync(byte[] body, string path = "/v1/predictions", string type = "application/dicom")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await Client.PostAsync(path, content, Cancellation);
    }

    internal async Task<Answer> AnswerAsync(byte[] body, string type = "application/dicom")
    {
        using var response = await PostAsync(body, type: type);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, text);
        return Answer.Parse(text);
    }

    /// <summary>Waits until nothing waits to be judged or sent.</summary>
    internal Task IdleAsync() => UntilAsync(() => Queue.Oldest() is null);

    internal static async Task UntilAsync(Func<bool> done)
    {
        while (!done()) await Task.Delay(20, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null) await StopAsync();
        folder.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
