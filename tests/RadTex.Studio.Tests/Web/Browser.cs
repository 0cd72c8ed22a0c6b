using System.Text.Json;
using Microsoft.Playwright;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Web;

/// <summary>A reader's browser without a window, which reaches nothing but the studio. Skips where Debian's chromium is not installed.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>A name of this machine that is not "localhost": by plain HTTP browsers give its pages no secure context.</summary>
    internal const string OtherHost = "studio.example";

    private const string Program = "/usr/bin/chromium";
    private const float LongestMilliseconds = 180_000;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly IBrowserContext context;

    private Browser(IPlaywright playwright, IBrowser browser, IBrowserContext context, IPage page) =>
        (this.playwright, this.browser, this.context, Page) = (playwright, browser, context, page);

    internal IPage Page { get; }

    /// <summary>Errors of scripts, refused loads and broken content policies so far.</summary>
    internal List<string> Complaints { get; } = [];

    /// <summary>What came over the wire as text so far.</summary>
    internal List<string> Traffic { get; } = [];

    internal static Task<Browser> OpenAsync(SmallStudio studio) => OpenAsync(studio.Server);

    internal static async Task<Browser> OpenAsync(StudioServer server, string reader = "reader-1")
    {
        var room = await LaunchAsync();
        await room.GoAsync(server.AddressOf(reader));
        return room;
    }

    /// <summary>The browser with an empty page.</summary>
    internal static async Task<Browser> LaunchAsync(int width = 1280, int height = 720)
    {
        Assert.SkipUnless(File.Exists(Program), $"needs {Program} (Debian: chromium)");
        var playwright = await Playwright.CreateAsync();
        var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-background-networking",
                $"--host-resolver-rules=MAP {OtherHost} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        });
        var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        // A page is waited for as long as it takes: how long that is says how busy the machine is, and nothing of the studio.
        context.SetDefaultTimeout(LongestMilliseconds);
        var page = await context.NewPageAsync();
        var room = new Browser(playwright, chromium, context, page);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") room.Complaints.Add(message.Text); };
        page.PageError += (_, error) => room.Complaints.Add(error);
        page.RequestFailed += (_, request) =>
            { if (request.Failure != "net::ERR_ABORTED") room.Complaints.Add($"{request.Url}: {request.Failure}"); };
        page.Response += async (_, response) =>
        {
            if (response.Url.Contains("/api/picture") || response.Request.ResourceType is not ("fetch" or "document")) return;
            try { room.Traffic.Add(await response.TextAsync()); }
            catch (PlaywrightException) { } // the page went on meanwhile
        };
        return room;
    }

    /// <summary>Goes by a reader's address to the reading room, and waits for the first picture.</summary>
    internal async Task GoAsync(Uri address)
    {
        // The page of the address goes on to the reading room by itself, maybe before this is told that it came.
        await Page.GotoAsync(address.AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        await PaintedAsync();
    }

    /// <summary>Waits until a picture is there to be answered.</summary>
    internal Task PaintedAsync() => Page.WaitForFunctionAsync("() => document.getElementById('room')?.dataset.shown");

    /// <summary>The hash of the picture in view.</summary>
    internal async Task<string> PictureAsync()
    {
        await PaintedAsync();
        return (await Page.EvaluateAsync<string>("() => document.getElementById('room').dataset.shown"))!;
    }

    /// <summary>The finding that is asked.</summary>
    internal async Task<string> AskedAsync()
    {
        await PaintedAsync();
        return (await Page.EvaluateAsync<string>("() => document.getElementById('room').dataset.asked"))!;
    }

    /// <summary>Presses a key, and waits until something else is asked.</summary>
    internal async Task PressAsync(string key)
    {
        var before = await AskedAsync() + await PictureAsync();
        await Page.Keyboard.PressAsync(key);
        await Page.WaitForFunctionAsync(
            "before => { const now = document.getElementById('room').dataset; return now.shown && now.asked + now.shown !== before; }", before);
    }

    /// <summary>Presses a digit, and waits until another picture is in view.</summary>
    internal async Task AnswerAsync(string digit)
    {
        var before = await PictureAsync();
        await Page.Keyboard.PressAsync($"Digit{digit}");
        await Page.WaitForFunctionAsync(
            "before => { const now = document.getElementById('room').dataset.shown; return now && now !== before; }", before);
    }

    /// <summary>Waits until the page says that so many answers are on the disk.</summary>
    internal Task SavedAsync(int answers) => Page.Locator("#saved", new() { HasTextString = $"saved · {answers} answered" }).WaitForAsync();

    internal async Task<IPage> SecondWindowAsync()
    {
        var second = await context.NewPageAsync();
        await second.GotoAsync(Page.Url);
        return second;
    }

    internal async Task<IAPIResponse> PostAsync(string path, object body) =>
        await context.APIRequest.PostAsync(new Uri(new Uri(Page.Url), path).AbsoluteUri, new()
        {
            Data = JsonSerializer.Serialize(body),
            Headers = new Dictionary<string, string> { ["X-RadTex"] = "1", ["Origin"] = new Uri(Page.Url).GetLeftPart(UriPartial.Authority) },
        });

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
