using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RadTex.Studio.Tests.Web;

/// <summary>
/// Every page in a window of a laptop, of a telephone and on a portrait monitor, light and dark: nothing is cut off, and axe finds nothing serious.
/// With RADTEX_STUDIO_SCREENSHOTS=DIR their pictures are kept to be looked at.
/// </summary>
public sealed class LayoutTests
{
    private static readonly string[] Paths = ["/", "/progress", "/agreement", "/adjudicate", "/gallery", "/card", "/exports", "/about"];

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(390, 844)]
    [InlineData(2048, 2560)]
    public async Task Nothing_is_cut_off(int width, int height)
    {
        await using var studio = await SmallStudio.OpenAsync(TestContext.Current.CancellationToken, readers: ["reader-1", "reader-2"]);
        studio.Label(60);
        studio.Label(12, "reader-2");
        await using var room = await Browser.LaunchAsync(width, height);
        await room.GoAsync(studio.Server.AddressOf("reader-1"));
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await room.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var path in Paths)
            {
                await room.Page.GotoAsync(new Uri(studio.Server.Address, path).AbsoluteUri);
                // A page that waits for what is being made loads itself again, which must not happen while it is looked at.
                await room.Page.WaitForFunctionAsync(
                    """
                    () => document.readyState === 'complete' && !('waiting' in document.body.dataset)
                        && [...document.images].every(i => i.complete)
                    """);
                if (path == "/")
                {
                    await room.PaintedAsync();
                    await room.Page.WaitForFunctionAsync("() => document.getElementById('labels').textContent !== ''");
                }
                await Screenshots.KeepAsync(room.Page, $"{width}-{scheme}-{(path == "/" ? "reading" : path[1..])}");
                (await Screenshots.CutOffAsync(room.Page)).ShouldBeEmpty($"{path} at {width} pixels, {scheme}");
                if (path == "/") await ShouldShowAllKeysAsync(room.Page, height);
                var found = await room.Page.RunAxe();
                found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{path}, {scheme}: {v.Id}: {v.Nodes[0].Html}")
                    .ShouldBeEmpty();
            }
        }
    }

    // The picture gets what the keys leave, and at least half of the window.
    private static async Task ShouldShowAllKeysAsync(IPage page, int height)
    {
        (await page.EvaluateAsync<double>("() => document.getElementById('strip').getBoundingClientRect().bottom")).ShouldBeLessThanOrEqualTo(height);
        (await page.EvaluateAsync<double>("() => document.getElementById('stage').clientHeight")).ShouldBeGreaterThan(height / 2.0);
    }
}
