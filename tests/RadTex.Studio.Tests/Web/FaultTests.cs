using System.Reflection;
using Microsoft.Data.Sqlite;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Tests.Web;

/// <summary>What goes wrong while one reads is told in one line on the page, and nothing that was said to be saved is lost.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_told_the_answer_is_not_said_to_be_saved_and_can_be_given_again()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        await using var room = await Browser.OpenAsync(studio);
        await room.AnswerAsync("1");
        await room.SavedAsync(1);
        studio.Work.Session.Prepare("reader-1", SmallStudio.Finding); // what comes next is on the disk too
        long pages = Number(studio, "PRAGMA page_count");
        Number(studio, $"PRAGMA max_page_count = {pages}");
        // Until the last page is full.
        var message = room.Page.Locator("#message", new() { HasTextString = "is full" });
        for (int i = 0; i < 40 && !await message.IsVisibleAsync(); i++)
        {
            await room.PaintedAsync();
            await room.Page.Keyboard.PressAsync("Digit0");
            await room.Page.WaitForTimeoutAsync(50);
        }
        await message.WaitForAsync();
        (await message.TextContentAsync())!.ShouldNotContain(studio.ProjectPath);
        (await room.Page.Locator("#saved").TextContentAsync()).ShouldBe("not saved");
        int kept = studio.Work.Project.Events.Count(e => e.Kind == EventKind.Label);
        kept.ShouldBeGreaterThan(0);
        Number(studio, "PRAGMA max_page_count = 100000");
        await room.Page.ReloadAsync();
        await room.AnswerAsync("1");
        await room.SavedAsync(kept + 1);
        await studio.RestartAsync(Cancellation); // which checks every event
        studio.Work.Project.Events.Count(e => e.Kind == EventKind.Label).ShouldBe(kept + 1);
    }

    [Fact]
    public async Task A_picture_that_was_deleted_meanwhile_is_told_and_the_next_one_comes_by_the_space_bar()
    {
        await using var studio = await SmallStudio.OpenPhantomsAsync(40, [], Cancellation);
        var queue = studio.Work.Session.Queue("reader-1", SmallStudio.Finding, 4);
        var gone = studio.Work.Originals.PathOf(studio.Work.RadiographOf(queue[0].Picture).Index)!;
        File.Delete(gone);
        await using var room = await Browser.LaunchAsync();
        await room.Page.GotoAsync(studio.Server.AddressOf("reader-1").AbsoluteUri, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        var message = room.Page.Locator("#message", new() { HasTextString = "was removed since" });
        await message.WaitForAsync();
        (await message.TextContentAsync())!.ShouldNotContain(Path.GetFileName(gone));
        await room.Page.Keyboard.PressAsync("Digit1"); // answers nothing: no picture is in view
        await room.Page.Keyboard.PressAsync("Space");
        (await room.PictureAsync()).ShouldBe(queue[1].Picture);
        studio.Work.Project.Events.Count(e => e.Kind == EventKind.Label).ShouldBe(0);
        await room.AnswerAsync("1");
        await room.SavedAsync(1);
    }

    [Fact]
    public async Task A_studio_that_ended_is_told_and_the_answer_is_not_said_to_be_saved()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        await using var room = await Browser.OpenAsync(studio);
        await room.AnswerAsync("1");
        await room.SavedAsync(1);
        await studio.Server.DisposeAsync();
        await room.Page.Keyboard.PressAsync("Digit1");
        await room.Page.Locator("#message", new() { HasTextString = "The studio does not answer" }).WaitForAsync();
        (await room.Page.Locator("#saved").TextContentAsync()).ShouldBe("not saved");
        studio.Work.Project.Events.Count(e => e.Kind == EventKind.Label).ShouldBe(1);
    }

    // As a disk that has no room: SQLite refuses to grow the file, with the same code.
    private static long Number(SmallStudio studio, string sql)
    {
        var connection = (SqliteConnection)typeof(ProjectFile).GetField("connection", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(studio.Work.Project)!;
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
