using System.Net;
using System.Net.Http.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RadTex.Studio.Projects;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Web;

/// <summary>The page before the first picture, where the command said nothing of what is asked.</summary>
public sealed class SetupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_asked_is_chosen_by_the_keyboard_alone_and_then_the_first_picture_comes()
    {
        await using var studio = new UnaskedStudio();
        await using var server = await studio.StartAsync();
        await using var room = await Browser.LaunchAsync();
        await room.Page.GotoAsync(server.AddressOf("reader-1").AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        await room.Page.Locator("h1", new() { HasTextString = "What shall be asked?" }).WaitForAsync();
        (await room.Page.Locator("form").TextContentAsync()).ShouldNotBeNull().ShouldContain("30 radiographs of 30 patients");

        // Nothing chosen: said so, and the focus is where it is mended.
        await room.Page.Locator("#begin").FocusAsync();
        await room.Page.Keyboard.PressAsync("Enter");
        await room.Page.Locator("#fault", new() { HasTextString = "Nothing is asked yet" }).WaitForAsync();
        await room.Page.Keyboard.PressAsync("Space");
        await room.Page.Keyboard.PressAsync("Tab");
        await room.Page.Keyboard.TypeAsync("Mass");
        await room.Page.Locator("#several").WaitForAsync();
        await room.Page.Locator("[name=readers]").FillAsync("reader-1, reader-2");
        await room.Page.Locator("[name=shared]").SelectOptionAsync("1");
        await room.Page.Locator("#begin").FocusAsync();
        await room.Page.Keyboard.PressAsync("Enter");
        await room.PaintedAsync();

        var work = await studio.Opening;
        var settings = work.Session.Settings;
        settings.Findings.ShouldBe(["Edema", "Mass"]);
        settings.Readers.ShouldBe(["reader-1", "reader-2"]);
        (settings.Classes, settings.SharedShare, settings.Together).ShouldBe((2, 1.0, false));
        await room.AnswerAsync("1");
        await room.SavedAsync(1);
        work.Project.Events.Last(e => e.Kind == EventKind.Label).Finding.ShouldBe("Edema");
        // The reader who was named in the page has an address, and a queue of his or her own.
        await using var second = await Browser.OpenAsync(server, "reader-2");
        await second.AnswerAsync("0");
        await second.SavedAsync(1);
        // The question for progress that learns that the studio is there is answered with 404, which a browser notes.
        room.Complaints.Where(c => !c.Contains("404") && !c.Contains("409")).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_chosen_once_by_a_reader_alone_and_what_cannot_be_asked_is_said()
    {
        await using var studio = new UnaskedStudio();
        await using var server = await studio.StartAsync();
        using var client = new HttpClient(new HttpClientHandler { UseProxy = false });
        object Choice(string finding = "Edema", int classes = 2, string reader = "reader-1", string policy = "staged") =>
            new { findings = (string[])[finding], classes, together = false, readers = (string[])[reader], shared_share = 0.0, policy };
        async Task<(HttpStatusCode Status, string Text)> AskAsync(object choice)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "api/setup"))
            {
                Content = JsonContent.Create(choice),
            };
            request.Headers.Add("X-RadTex", "1");
            request.Headers.Add("Origin", server.Address.GetLeftPart(UriPartial.Authority));
            using var answer = await client.SendAsync(request, Cancellation);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
        (await AskAsync(Choice())).Status.ShouldBe(HttpStatusCode.Forbidden);
        await client.GetAsync(server.AddressOf("reader-1"), Cancellation);
        foreach (var (choice, said) in ((object, string)[])
        [
            (Choice(" "), "Nothing is asked yet"), (Choice("a,b"), "cannot be asked"), (Choice("a\nb"), "cannot be asked"),
            (Choice(new string('a', 101)), "cannot be asked"), (Choice(classes: 1), "1 grades"), (Choice(classes: 11), "11 grades"),
            (Choice(reader: "reader-2"), "You read as reader-1"), (Choice(reader: "Jane Doe"), "no handle"), (Choice(policy: "best"), "No policy"),
            (new { findings = (string[])["a"] }, "not one of this studio"),
        ])
        {
            var (status, text) = await AskAsync(choice);
            status.ShouldBeOneOf(HttpStatusCode.Conflict, HttpStatusCode.BadRequest);
            text.ShouldContain(said);
        }
        (await AskAsync(Choice())).Status.ShouldBe(HttpStatusCode.OK);
        Should.Throw<UserErrorException>(() => studio.Setup.Choose("reader-1", new(["Mass"], 2, false, ["reader-1"], 0, "staged")))
            .Message.ShouldContain("Another reader has chosen");
        (await studio.Opening).Session.Settings.Findings.ShouldBe(["Edema"]);
    }

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(390, 844)]
    [InlineData(2048, 2560)]
    public async Task Nothing_is_cut_off_and_axe_finds_nothing_serious(int width, int height)
    {
        await using var studio = new UnaskedStudio();
        await using var server = await studio.StartAsync();
        await using var room = await Browser.LaunchAsync(width, height);
        await room.Page.GotoAsync(server.AddressOf("reader-1").AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        await room.Page.Locator("[name=readers]").FillAsync("reader-1, reader-2");
        await room.Page.Locator("[name=others]").FillAsync("Mass, Nodule");
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await room.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Screenshots.KeepAsync(room.Page, $"{width}-{scheme}-setup", isWhole: true);
            (await Screenshots.CutOffAsync(room.Page)).ShouldBeEmpty($"{width} pixels, {scheme}");
            (await room.Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Nodes[0].Html}")
                .ShouldBeEmpty();
        }
        room.Complaints.ShouldBeEmpty();
    }

    /// <summary>A studio that waits to be told what is asked.</summary>
    private sealed class UnaskedStudio : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();

        internal StudioSetup Setup { get; private set; } = null!;

        internal Task<Workplace> Opening { get; private set; } = null!;

        internal Task<StudioServer> StartAsync()
        {
            _ = SmallStudio.WriteDataset(folder.File("dataset"), 40);
            DrawnEncoder.Write(folder.File("encoder.onnx"));
            Setup = StudioSetup.OfDataset(
                new(folder.File("dataset"), [], folder.File("labels.radtex")) { Encoder = folder.File("encoder.onnx") }, readersAreFixed: false);
            Opening = OpenAsync();
            return StudioServer.StartAsync(["reader-1"], new(Opening) { Setup = Setup }, new(), Cancellation);
        }

        private async Task<Workplace> OpenAsync() => Workplace.Open(await Setup.Chosen);

        public async ValueTask DisposeAsync()
        {
            if (Setup.Chosen.IsCompleted) (await Opening).Dispose();
            folder.Dispose();
        }
    }
}
