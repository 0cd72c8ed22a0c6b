using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Tests.Web;

/// <summary>The reading room in Debian's chromium: keys, undo, what is on the wire, and whether everyone can use it.</summary>
public sealed class ReadingRoomTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_an_answer_and_the_next_picture_and_undo_takes_it_back()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        await using var room = await Browser.OpenAsync(studio);
        var page = room.Page;
        for (int i = 0; i < 12; i++) await room.AnswerAsync(studio.Truth(await room.PictureAsync()) ? "1" : "0");
        await room.SavedAsync(12);
        var labels = studio.Work.Project.Events.Where(e => e.Kind == EventKind.Label).ToArray();
        labels.Length.ShouldBe(12);
        labels.ShouldAllBe(l => (l.Value == "1") == studio.Truth(l.Picture));
        labels.ShouldAllBe(l => l.MillisecondsInView >= 0 && l.Window.StartsWith("as prepared"));

        var last = labels[^1].Picture;
        await page.Keyboard.PressAsync("Backspace");
        await room.SavedAsync(11);
        (await room.PictureAsync()).ShouldBe(last);
        await page.Keyboard.PressAsync("Shift+Digit1");
        await room.SavedAsync(12);
        studio.Work.Project.Events[^1].ShouldSatisfyAllConditions(e => e.Picture.ShouldBe(last), e => e.Confidence.ShouldBe("sure"));

        await page.Keyboard.PressAsync("KeyU");
        await room.SavedAsync(13);
        await page.Keyboard.PressAsync("KeyX");
        await page.Keyboard.PressAsync("Digit2");
        await room.SavedAsync(14);
        studio.Work.Project.Events.Last(e => e.Kind == EventKind.Label).ShouldSatisfyAllConditions(
            e => e.Value.ShouldBe("not assessable"), e => e.Note.ShouldBe("exposure"));
        room.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_works_by_plain_http_on_an_address_that_is_not_localhost()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, listening: new() { Hosts = [Browser.OtherHost] });
        await using var room = await Browser.LaunchAsync();
        await room.GoAsync(new UriBuilder(studio.Server.AddressOf("reader-1")) { Host = Browser.OtherHost }.Uri);
        (await room.Page.EvaluateAsync<bool>("() => isSecureContext")).ShouldBeFalse();
        for (int i = 0; i < 8; i++) await room.AnswerAsync(studio.Truth(await room.PictureAsync()) ? "1" : "0");
        await room.SavedAsync(8);
        await room.Page.Keyboard.PressAsync("KeyI");
        await room.Page.Locator("#window", new() { HasTextString = "inverted" }).WaitForAsync();
        await room.Page.Keyboard.PressAsync("ArrowLeft");
        await room.Page.Locator("#saved", new() { HasTextString = " of " }).WaitForAsync();
        await room.Page.Keyboard.PressAsync("KeyM");
        await room.Page.Locator("#about", new() { HasTextString = "The present model" }).WaitForAsync();
        foreach (var page in (string[])["progress", "exports"])
        {
            await room.Page.GotoAsync(new Uri(new Uri(room.Page.Url), page).AbsoluteUri);
            await room.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }
        // The browser says of each page that this header needs HTTPS; nothing else is amiss.
        room.Complaints.Where(c => !c.StartsWith("The Cross-Origin-Opener-Policy header has been ignored")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_change_the_view_and_can_be_changed_themselves()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        await using var room = await Browser.OpenAsync(studio);
        var window = room.Page.Locator("#window");
        async Task Shows(string key, string text)
        {
            await room.Page.Keyboard.PressAsync(key);
            await room.Page.WaitForFunctionAsync("text => document.getElementById('window').textContent.includes(text)", text);
        }
        await Shows("Alt+Digit2", "own window 0 to 255");
        await Shows("KeyI", "inverted");
        await Shows("KeyR", "as prepared");
        (await window.TextContentAsync()).ShouldNotBeNull().ShouldNotContain("inverted");
        await Shows("Alt+Digit4", "own window");
        await Shows("KeyV", "as prepared");
        await room.Page.Mouse.MoveAsync(600, 300);
        await room.Page.Mouse.WheelAsync(0, -400);
        await room.Page.WaitForFunctionAsync("() => document.getElementById('window').textContent.includes('×')");
        await Shows("KeyR", "as prepared");

        // "Present" is moved to P: the digit does nothing more, and what was changed is there after the page was loaded anew.
        await room.Page.Keyboard.PressAsync("?");
        await room.Page.Locator("#keys button[aria-label^='Key of present']").ClickAsync();
        await room.Page.Keyboard.PressAsync("KeyP");
        await room.Page.Locator("#close-help").ClickAsync();
        (await room.Page.Locator("[data-action='1'] kbd").TextContentAsync()).ShouldBe("P");
        await room.Page.ReloadAsync();
        await room.PaintedAsync();
        (await room.Page.Locator("[data-action='1'] kbd").TextContentAsync()).ShouldBe("P");
        await room.Page.Keyboard.PressAsync("Digit1");
        await room.Page.Keyboard.PressAsync("KeyP");
        await room.SavedAsync(1);
        studio.Work.Project.Events.Single(e => e.Kind == EventKind.Label).Value.ShouldBe("1");
        // The next start takes another free port: for a browser another place, where the keys are as they were left.
        int port = studio.Server.Address.Port;
        await room.Page.GotoAsync("about:blank"); // no page asks what is not there for a moment
        await studio.RestartAsync(Cancellation);
        studio.Server.Address.Port.ShouldNotBe(port);
        await room.GoAsync(studio.Server.AddressOf("reader-1"));
        await room.Page.Keyboard.PressAsync("KeyP");
        await room.SavedAsync(2);
        room.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_session_goes_on_at_the_same_picture()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        string expected;
        await using (var room = await Browser.OpenAsync(studio))
        {
            for (int i = 0; i < 4; i++) await room.AnswerAsync("0");
            await room.SavedAsync(4);
            expected = await room.PictureAsync();
        }
        await studio.RestartAsync(Cancellation);
        await using var again = await Browser.OpenAsync(studio);
        (await again.PictureAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Nothing_of_the_model_or_the_report_is_on_the_wire_before_the_answer()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(30);
        await using var room = await Browser.OpenAsync(studio);
        var asked = await room.PictureAsync();
        await room.Page.Keyboard.PressAsync("KeyM");
        await room.Page.Keyboard.PressAsync("KeyT");
        (await room.Page.Locator("#message").TextContentAsync())!.ShouldContain("once you have answered");
        // Asking for it behind the page's back does not help either.
        foreach (var path in (string[])["/api/map", "/api/report"])
            (await room.PostAsync(path, new { finding = SmallStudio.Finding, picture = asked })).Status.ShouldBe(409);
        var report = studio.Work.RadiographOf(asked).Text!;
        room.Traffic.ShouldAllBe(t => !t.Contains(report) && !t.Contains("probability") && !t.Contains("logit"));

        await room.AnswerAsync("0");
        await room.SavedAsync(31);
        await room.Page.Keyboard.PressAsync("ArrowLeft");
        await room.Page.Locator("#saved", new() { HasTextString = "31 of 31" }).WaitForAsync();
        await room.Page.Keyboard.PressAsync("KeyM");
        await room.Page.Locator("#about", new() { HasTextString = "The present model" }).WaitForAsync();
        await room.Page.Keyboard.PressAsync("KeyT");
        await room.Page.Locator("#about", new() { HasTextString = report }).WaitForAsync();
        studio.Work.Project.Events.TakeLast(2).Select(e => e.Kind).ShouldBe([EventKind.MapOpened, EventKind.ReportOpened]);
        await room.Page.Keyboard.PressAsync("Digit1");
        await room.Page.Locator("#saved", new() { HasTextString = "saved" }).WaitForAsync();
        studio.Work.Project.Events[^1].ShouldSatisfyAllConditions(e => e.Kind.ShouldBe(EventKind.Revise), e => e.Visible.ShouldBe("map or report"));
        room.Complaints.ShouldAllBe(c => c.Contains("409"));
    }

    [Fact]
    public async Task Two_windows_of_one_reader_keep_each_answer_once()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        await using var room = await Browser.OpenAsync(studio);
        var second = await room.SecondWindowAsync();
        await second.WaitForFunctionAsync("() => document.getElementById('picture').getAttribute('aria-label').startsWith('Radiograph')");
        var first = await room.PictureAsync();
        await room.AnswerAsync("1");
        await room.SavedAsync(1);
        await second.Keyboard.PressAsync("Digit0");
        await second.Locator("#message", new() { HasTextString = "in another window" }).WaitForAsync();
        studio.Work.Project.Events.Count(e => e.Kind == EventKind.Label).ShouldBe(1);
        studio.Work.Session.Read(b => b.Of("reader-1", SmallStudio.Finding)[first].Current.Class).ShouldBe(1);
    }

    [Fact]
    public async Task Together_a_picture_stays_until_each_finding_has_its_answer()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, findings: [SmallStudio.Finding, "Mass", "Nodule"]);
        await using var room = await Browser.OpenAsync(studio);
        var pictures = new List<string>();
        for (int i = 0; i < 6; i++)
        {
            (await room.AskedAsync()).ShouldBe(((string[])[SmallStudio.Finding, "Mass", "Nodule"])[i % 3]);
            pictures.Add(await room.PictureAsync());
            await room.PressAsync("Digit0");
        }
        await room.SavedAsync(2);
        pictures.Distinct().Count().ShouldBe(2);
        pictures.Take(3).Distinct().Count().ShouldBe(1);
        studio.Work.Project.Events.Where(e => e.Kind == EventKind.Label).Select(e => e.Picture).ShouldBe(pictures);
        await room.Page.Keyboard.PressAsync("Backspace");
        await room.Page.WaitForFunctionAsync("() => document.getElementById('room').dataset.asked === 'Nodule'");
        (await room.PictureAsync()).ShouldBe(pictures[^1]);
        room.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_servers_project_is_refused_in_one_line()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        Should.Throw<UserErrorException>(() => Workplace.Open(new(studio.DatasetPath, [], studio.ProjectPath) { Encoder = studio.EncoderPath }))
            .Message.ShouldContain("is open in another studio");
    }

    [Fact]
    public async Task Every_page_passes_axe_and_breaks_no_content_policy()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, readers: ["reader-1", "reader-2"]);
        studio.Label(60);
        studio.Label(12, "reader-2");
        await using var room = await Browser.OpenAsync(studio);
        foreach (var path in (string[])["/", "/progress", "/agreement", "/adjudicate", "/gallery", "/card", "/exports", "/about"])
        {
            await room.Page.GotoAsync(new Uri(studio.Server.Address, path).AbsoluteUri);
            await room.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var found = await room.Page.RunAxe();
            found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{path}: {v.Id}: {v.Nodes[0].Html}").ShouldBeEmpty();
        }
        room.Complaints.ShouldBeEmpty();
    }
}
