using Microsoft.Playwright;

namespace RadTex.Studio.Tests.Web;

/// <summary>
/// The two ways to draw a radiograph, by the graphics card's language and by a canvas, held against each other and against plain loops.
/// </summary>
public sealed class ViewerTests
{
    // Draws with both, and reads the greys back before the browser shows them.
    private const string DrawBoth =
        """
        ({ picture, look, to, width, height }) => {
          const given = { ...picture, pixels: Uint16Array.from(picture.pixels) };
          const greys = look.greys ? { ...look, greys: Uint8Array.from(look.greys) } : look;
          return ['WebGL2', 'Canvas'].map(name => {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [width, height];
            const viewer = openViewer(canvas, name);
            if (viewer.name !== name) return [];
            viewer.draw(given, greys, to);
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [width, height];
            const pen = copy.getContext('2d');
            pen.drawImage(canvas, 0, 0);
            return [...pen.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 0);
          });
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shader_and_canvas_show_the_same_greys_through_windows_and_tables()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        await using var room = await Browser.OpenAsync(studio);
        int[] pixels = [.. Enumerable.Range(0, 61 * 47).Select(i => (int)(CounterRandom.Hash(5, (ulong)i) % 65536))];
        var picture = new { pixels, width = 61, height = 47, values = 65536 };
        var to = new { x = 3, y = 2, width = 61, height = 47 };
        int[] table = [.. Enumerable.Range(0, 65536).Select(v => (int)Math.Round(255 * Math.Sqrt(v / 65535.0)))];
        foreach (bool isFlipped in (bool[])[false, true])
        {
            var byTable = await DrawAsync(room.Page, picture, new { greys = table, isFlipped }, to, (70, 50));
            for (int way = 0; way < 2; way++)
                for (int y = 0; y < 50; y++)
                    for (int x = 0; x < 70; x++)
                    {
                        bool isInside = x is >= 3 and < 64 && y is >= 2 and < 49;
                        int grey = isInside ? table[pixels[(y - 2) * 61 + x - 3]] : 0;
                        byTable[way][y * 70 + x].ShouldBe(isInside && isFlipped ? 255 - grey : grey);
                    }
            var byWindow = await DrawAsync(room.Page, picture, new { low = 1000.5, high = 40000.25, isFlipped }, to, (70, 50));
            for (int i = 0; i < 70 * 50; i++) byWindow[0][i].ShouldBeInRange(byWindow[1][i] - 1, byWindow[1][i] + 1);
        }
    }

    [Fact]
    public async Task A_line_of_one_pixel_stays_where_the_shader_makes_a_picture_smaller()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        await using var room = await Browser.OpenAsync(studio);
        const int Side = 64, Small = 20;
        // A catheter of one pixel at every position: nearest neighbours lose two of three.
        for (int line = 0; line < Side; line += 7)
        {
            int[] pixels = [.. Enumerable.Range(0, Side * Side).Select(i => i % Side == line ? 60000 : 0)];
            var seen = await DrawAsync(
                room.Page, new { pixels, width = Side, height = Side, values = 65536 }, new { low = 0, high = 65535, isFlipped = false },
                new { x = 0, y = 0, width = Small, height = Small }, (Small, Small));
            for (int x = 0; x < Small; x++)
            {
                double from = x * (double)Side / Small, until = (x + 1) * (double)Side / Small;
                double share = Math.Max(0, Math.Min(until, line + 1) - Math.Max(from, line)) / (until - from);
                double grey = 255 * share * 60000 / 65535;
                seen[0][10 * Small + x].ShouldBeInRange((int)Math.Floor(grey) - 1, (int)Math.Ceiling(grey) + 1);
            }
            // The canvas is given pictures that the server has averaged; of a larger one it keeps the line as the browser can.
            seen[1].Max().ShouldBeGreaterThan(10);
        }
    }

    [Fact]
    public async Task With_the_shader_one_reads_as_without_and_when_the_graphics_card_fails_the_picture_stays()
    {
        await using var studio = await SmallStudio.OpenPhantomsAsync(60, ["reader-1"], Cancellation);
        await using var room = await Browser.LaunchAsync();
        await room.GoAsync(studio.Server.AddressOf("reader-1"));
        // Without a graphics card a canvas is faster, and taken; a reader may have it otherwise.
        (await room.Page.EvaluateAsync<string>("() => document.getElementById('room').dataset.viewer")).ShouldBe("Canvas");
        await room.Page.Keyboard.PressAsync("?");
        await room.Page.Locator("#other-viewer").ClickAsync();
        await room.Page.WaitForFunctionAsync("() => document.getElementById('room')?.dataset.viewer === 'WebGL2'");
        await room.PaintedAsync();
        await room.AnswerAsync("1");
        await room.SavedAsync(1);
        await room.Page.Mouse.MoveAsync(600, 300);
        await room.Page.Mouse.DownAsync();
        await room.Page.Mouse.MoveAsync(650, 320);
        await room.Page.Mouse.UpAsync();
        await room.Page.WaitForFunctionAsync("() => document.getElementById('window').textContent.startsWith('own window')");
        await room.Page.Mouse.WheelAsync(0, -400);
        await room.Page.WaitForFunctionAsync("() => document.getElementById('window').textContent.includes('×')");
        await Screenshots.KeepAsync(room.Page, "webgl-zoomed");
        await room.Page.Keyboard.PressAsync("KeyR");
        await Screenshots.KeepAsync(room.Page, "webgl");

        await room.Page.EvaluateAsync(
            "() => document.getElementById('picture').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()");
        await room.Page.WaitForFunctionAsync("() => document.getElementById('room').dataset.viewer === 'Canvas'");
        (await room.Page.EvaluateAsync<int>(
            """
            () => {
              const canvas = document.getElementById('picture');
              return Math.max(...canvas.getContext('2d').getImageData(canvas.width / 2 - 20, canvas.height / 2 - 20, 40, 40).data.filter((_, i) => i % 4 === 0));
            }
            """)).ShouldBeGreaterThan(20);
        await room.AnswerAsync("0");
        await room.SavedAsync(2);
        room.Complaints.Where(c => !c.Contains("WebGL", StringComparison.OrdinalIgnoreCase) && !c.Contains("GPU", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static async Task<int[][]> DrawAsync(IPage page, object picture, object look, object to, (int Width, int Height) canvas)
    {
        var seen = await page.EvaluateAsync<int[][]>(DrawBoth, new { picture, look, to, width = canvas.Width, height = canvas.Height });
        Assert.SkipWhen(seen[0].Length == 0, "this browser has no WebGL2");
        return seen;
    }
}
