using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RadTex.Testing;

/// <summary>
/// A page in Debian's chromium without a window, driven over the DevTools protocol. Tests that need it are skipped where it is not installed.
/// </summary>
internal sealed class HeadlessChromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly Process process;
    private readonly TemporaryFolder profile;
    private readonly ClientWebSocket socket = new();
    private int lastId;

    private HeadlessChromium(Process process, TemporaryFolder profile) => (this.process, this.profile) = (process, profile);

    /// <summary>Exceptions, console errors and refused loads of the page so far.</summary>
    internal List<string> Complaints { get; } = [];

    internal static async Task<HeadlessChromium> OpenAsync(string file, CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists(Program), $"needs {Program} (Debian: chromium)");
        var profile = new TemporaryFolder();
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
            $"--user-data-dir={profile.File("profile")}", "--remote-debugging-port=0", "--window-size=1000,800", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        // What it says is read and dropped: a pipe that nobody empties would stop it in the middle of a test.
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var chromium = new HeadlessChromium(process, profile);
        var portFile = profile.File("profile/DevToolsActivePort");
        while (!File.Exists(portFile) || (await File.ReadAllLinesAsync(portFile, cancellation)).Length < 2)
        {
            if (process.HasExited) throw new InvalidOperationException($"chromium ended with {process.ExitCode} before it could be asked");
            await Task.Delay(50, cancellation);
        }
        var port = (await File.ReadAllLinesAsync(portFile, cancellation))[0];
        using var http = new HttpClient();
        JsonNode? page = null;
        while (page is null)
        {
            var targets = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json"), cancellation))!.AsArray();
            page = targets.FirstOrDefault(t => (string?)t!["type"] == "page");
            if (page is null) await Task.Delay(50, cancellation);
        }
        await chromium.socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), cancellation);
        foreach (var domain in (string[])["Runtime.enable", "Log.enable", "Page.enable"])
            await chromium.CallAsync(domain, new JsonObject(), cancellation);
        await chromium.CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri }, cancellation);
        while ((await chromium.EvaluateAsync("document.readyState + location.protocol", cancellation)).GetValue<string>() != "completefile:")
            await Task.Delay(50, cancellation);
        return chromium;
    }

    /// <summary>The value of a JavaScript expression.</summary>
    internal async Task<JsonNode> EvaluateAsync(string expression, CancellationToken cancellation) =>
        (
            await CallAsync(
                "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true }, cancellation))["result"]!["value"]!;

    /// <summary>Shows the page in a window of another size, to a reader of light or of dark pages.</summary>
    internal async Task ShowAsync(int width, int height, bool isDark, CancellationToken cancellation)
    {
        await CallAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false }, cancellation);
        await CallAsync(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["features"] =
                new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" })
            },
            cancellation);
    }

    internal Task MoveMouseAsync(double x, double y, CancellationToken cancellation) =>
        CallAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = x, ["y"] = y }, cancellation);

    /// <summary>The page as a PNG file.</summary>
    internal async Task<byte[]> ScreenshotAsync(CancellationToken cancellation) =>
        Convert.FromBase64String((string)(await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }, cancellation))["data"]!);

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                profile.Dispose();
                return;
            }
            catch (IOException) when (attempt < 20) { await Task.Delay(100); } // its helpers write a little longer
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        int id = ++lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, cancellation);
        while (true)
        {
            var answer = await ReceiveAsync(cancellation);
            if ((string?)answer["method"] is "Runtime.exceptionThrown" or "Log.entryAdded") Complaints.Add(answer.ToJsonString());
            if ((int?)answer["id"] == id) return answer["result"] ?? throw new InvalidOperationException(answer.ToJsonString());
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray()) ?? throw new JsonException("null");
    }
}
