using Microsoft.Playwright;

namespace RadTex.Studio.Tests.Web;

/// <summary>How pages look: what is cut off, and pictures to be looked at, kept where RADTEX_STUDIO_SCREENSHOTS names a folder.</summary>
internal static class Screenshots
{
    internal static async Task KeepAsync(IPage page, string name, bool isWhole = false)
    {
        if (Environment.GetEnvironmentVariable("RADTEX_STUDIO_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = isWhole });
    }

    /// <summary>What is wider than the window, but for what scrolls or is hidden.</summary>
    internal static Task<string[]> CutOffAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('button, a, p, h1, h2, li, dt, dd, img, svg, canvas, label, input, select')]
            .filter(e => !e.closest('dialog, .scroll, .skip, .unseen, [hidden]') && !e.matches('.skip, .unseen'))
            .filter(e => { const at = e.getBoundingClientRect(); return at.width > 0 && (at.right > innerWidth + 1 || at.left < -1); })
            .map(e => e.outerHTML.slice(0, 120))
        """)!;
}
