using Microsoft.Playwright;
using RadTex.Studio.Labelling;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Web;

/// <summary>
/// The pictures of docs/studio.md, made of synthetic radiographs by going the guide's way. With RADTEX_UPDATE_DOCS=1 they are written into the
/// repository; else the guide is held to name exactly those that are made.
/// </summary>
public sealed class GuideTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_guides_pictures_are_those_of_this_program()
    {
        await using var studio = await SmallStudio.OpenPhantomsAsync(700, ["reader-1", "reader-2"], Cancellation);
        await using var room = await Browser.LaunchAsync();
        using var folder = new TemporaryFolder();
        var made = new List<string>();
        async Task Keep(string name, bool isWhole = false)
        {
            made.Add($"studio-{name}.png");
            await room.Page.ScreenshotAsync(new() { Path = folder.File(made[^1]), FullPage = isWhole });
        }

        await SetUpAsync(studio, room, () => Keep("setup", isWhole: true));
        await room.GoAsync(studio.Server.AddressOf("reader-1"));
        foreach (var digit in (string[])["0", "1", "0"]) await room.AnswerAsync(digit);
        await room.SavedAsync(3);
        await room.Page.Locator("#labels", new() { HasTextString = "1 present, 2 absent" }).WaitForAsync();
        await Keep("reading");
        await room.Page.Keyboard.PressAsync("?");
        await Keep("keys");
        await room.Page.Locator("#close-help").ClickAsync();

        studio.Label(300);
        LabelOtherwise(studio, "reader-2", 40);
        while (studio.Work.Curve(SmallStudio.Finding) is null) await Task.Delay(100, Cancellation);
        await room.Page.ReloadAsync();
        await room.PaintedAsync();
        await room.Page.Keyboard.PressAsync("ArrowLeft");
        await room.Page.Locator("#saved", new() { HasTextString = " of " }).WaitForAsync();
        await room.Page.Keyboard.PressAsync("KeyM");
        await room.Page.Locator("#about", new() { HasTextString = "The present model" }).WaitForAsync();
        await room.Page.Locator("#forecast", new() { HasTextString = "20 more labels" }).WaitForAsync();
        await Keep("map");
        foreach (var name in (string[])["progress", "agreement", "adjudicate", "gallery", "card", "exports"])
        {
            await room.Page.GotoAsync(new Uri(studio.Server.Address, name).AbsoluteUri);
            await room.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Keep(name);
        }
        room.Complaints.ShouldBeEmpty();

        var docs = Path.Combine(SharedData.ProjectRoot, "docs");
        if (Environment.GetEnvironmentVariable("RADTEX_UPDATE_DOCS") == "1")
            foreach (var name in made) File.Copy(folder.File(name), Path.Combine(docs, "images", name), overwrite: true);
        var guide = await File.ReadAllTextAsync(Path.Combine(docs, "studio.md"), Cancellation);
        foreach (var name in made)
        {
            guide.ShouldContain($"images/{name}");
            File.Exists(Path.Combine(docs, "images", name)).ShouldBeTrue(name);
        }
    }

    /// <summary>The page that asks what is to be asked of the same dataset.</summary>
    private static async Task SetUpAsync(SmallStudio studio, Browser room, Func<Task> keep)
    {
        var setup = StudioSetup.OfDataset(
            new(studio.DatasetPath, [], studio.File("unasked.radtex")) { Encoder = studio.EncoderPath }, readersAreFixed: false);
        await using var server = await StudioServer.StartAsync(
            ["reader-1"], new(new TaskCompletionSource<Workplace>().Task) { Setup = setup }, new(), Cancellation);
        await room.Page.GotoAsync(server.AddressOf("reader-1").AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        await room.Page.Locator("[value=Edema]").CheckAsync();
        await keep();
    }

    /// <summary>Another reader, who is wrong on every seventh picture.</summary>
    private static void LabelOtherwise(SmallStudio studio, string reader, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var next = studio.Work.Session.Next(reader, SmallStudio.Finding)!;
            studio.Work.Session.Answer(reader, SmallStudio.Finding, next.Picture, Answer.Of(studio.Truth(next.Picture) != (i % 7 == 3) ? 1 : 0));
        }
    }
}
