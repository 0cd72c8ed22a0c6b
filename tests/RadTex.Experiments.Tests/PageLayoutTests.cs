using System.Text.RegularExpressions;

namespace RadTex.Experiments.Tests;

/// <summary>The product's pages in a browser: nothing leaves the window, at a phone's width and at a wide screen's.</summary>
public sealed class PageLayoutTests
{
    /// <summary>Elements that end beyond the window's right edge, but for what lies in a container that scrolls.</summary>
    private const string Outside = """
        [...document.querySelectorAll('main *')]
          .filter(e => !e.parentElement.closest('.scroll, pre, svg') && e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden' && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
          .map(e => e.tagName + '.' + e.getAttribute('class') + ': ' + e.textContent.trim().slice(0, 40)).join('\n')
        """;

    /// <summary>What scrolls without a sign that it does: no shadow in its background, or no way to it by keyboard.</summary>
    private const string Silent = """
        [...document.querySelectorAll('main *')]
          .filter(e => e.scrollWidth > e.clientWidth + 1 && !['visible', 'clip'].includes(getComputedStyle(e).overflowX))
          .filter(e => e.tabIndex < 0 || !e.matches('pre') && !getComputedStyle(e).backgroundImage.includes('gradient'))
          .map(e => e.tagName + '.' + e.className).join('\n')
        """;

    /// <summary>The text whose contrast with what lies behind it is below WCAG 2's 4.5, by its own definition.</summary>
    private const string Faint = """
        (() => {
          const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = colour => { probe.clearRect(0, 0, 1, 1); probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1); return [...probe.getImageData(0, 0, 1, 1).data]; };
          const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const page = rgb(getComputedStyle(document.body).backgroundColor);
          const behind = e => {
            for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 0) { const a = c[3] / 255; return c.slice(0, 3).map((v, i) => a * v + (1 - a) * page[i]); } }
            return page;
          };
          return [...document.querySelectorAll('main *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).filter(e => !['title', 'STYLE'].includes(e.tagName)).map(e => {
            const style = getComputedStyle(e), a = light(rgb(e.closest('svg') ? style.fill : style.color)), b = light(behind(e.closest('svg')?.parentElement ?? e));
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.tagName + '.' + e.getAttribute('class')];
          }).filter(([ratio]) => ratio < 4.5).map(([ratio, name]) => name + ' ' + ratio.toFixed(2)).filter((v, i, all) => all.indexOf(v) === i).join('\n');
        })()
        """;

    public static TheoryData<string> Pages => [.. SamplePages.Names];

    [Theory, MemberData(nameof(Pages))]
    public async Task Nothing_leaves_the_window_and_all_text_can_be_read(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var file = folder.File("page.html");
        await File.WriteAllTextAsync(file, SamplePages.Make(name), cancellation);
        await using var chromium = await HeadlessChromium.OpenAsync(file, cancellation);
        async Task<string> Text(string expression) => (await chromium.EvaluateAsync(expression, cancellation)).GetValue<string>();
        foreach (int width in (int[])[390, 1_280, 1_920])
        {
            foreach (bool isDark in (bool[])[false, true])
            {
                await chromium.ShowAsync(width, 900, isDark, cancellation);
                (await Text(Outside)).ShouldBe("", $"{name} at {width}");
                (await Text(Silent)).ShouldBe("", $"{name} at {width}");
                (await Text(Faint)).ShouldBe("", $"{name}, {(isDark ? "dark" : "light")}");
                (await chromium.EvaluateAsync("document.documentElement.scrollWidth - document.documentElement.clientWidth", cancellation))
                    .GetValue<double>().ShouldBeLessThanOrEqualTo(0, $"{name} at {width}");
            }
        }
        chromium.Complaints.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Pages))]
    public void Verdict_and_contents_stand_before_tables_charts_and_pictures(string name)
    {
        var html = SamplePages.Make(name);
        int contents = html.IndexOf("<nav class=\"contents\"", StringComparison.Ordinal), section = html.IndexOf("<h2", StringComparison.Ordinal);
        contents.ShouldBeInRange(0, section);
        html.IndexOf("<p class=\"verdict\"", StringComparison.Ordinal).ShouldBeInRange(0, contents);
        html.IndexOf("<p class=\"verdict\"", section, StringComparison.Ordinal).ShouldBe(-1);
        html.IndexOf("<figure", StringComparison.Ordinal).ShouldBeGreaterThan(contents);
        // Every entry leads somewhere, every section has an entry.
        var targets = Regex.Matches(html, "href=\"#([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        Regex.Matches(html, "<h[23] id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ShouldBe(targets);
    }

    [Theory, MemberData(nameof(Pages))]
    public void No_frame_holds_more_than_six_lines_and_every_table_can_be_scrolled_and_named(string name)
    {
        var html = SamplePages.Make(name);
        foreach (Match legend in Regex.Matches(html, "<ul class=\"legend\">.*?</ul>", RegexOptions.Singleline))
            Regex.Count(legend.Value, "<li>").ShouldBeLessThanOrEqualTo(6);
        Regex.Count(html, "<table").ShouldBe(
            Regex.Count(html, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table [^\"]+\"><table"));
        Regex.Matches(html, "<th( [^>]*)?>").ShouldAllBe(m => m.Value.Contains("scope=", StringComparison.Ordinal));
        Regex.Matches(html, "<img[^>]*>").ShouldAllBe(m => m.Value.Contains("alt=", StringComparison.Ordinal));
        Regex.Matches(html, "<svg viewBox=\"0 0 720[^>]*>").ShouldAllBe(m => Regex.IsMatch(m.Value, "aria-label=\"[^\"]{20,}"));
        html.ShouldNotContain("<script");
    }
}
