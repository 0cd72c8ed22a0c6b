using System.Net;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studio.Pictures;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Web;

/// <summary>A folder of DICOM files: seen while it is prepared, and gone on with after it was prepared again.</summary>
public sealed class FolderTests : IDisposable
{
    private const string Finding = "Edema";
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Its_first_picture_is_seen_while_it_is_prepared_and_then_the_reading_room()
    {
        WritePhantoms(8);
        File.WriteAllText(folder.File("phantoms/00-notes.txt"), "no picture");
        var preview = new FolderPreview(folder.File("phantoms"));
        var opening = new TaskCompletionSource<Workplace>();
        await using var server = await StudioServer.StartAsync(["reader-1"], new(opening.Task) { Preview = preview }, new(), Cancellation);
        await using var browser = await Browser.LaunchAsync();
        ((IProgress<ProgressReport>)preview).Report(new("pictures", 3, 8, "radiographs"));
        await browser.Page.GotoAsync(server.AddressOf("reader-1").AbsoluteUri, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        await browser.Page.WaitForFunctionAsync("() => document.getElementById('first')?.naturalWidth > 0");
        await browser.Page.WaitForFunctionAsync("() => document.getElementById('progress').textContent.includes('3 of 8 radiographs')");
        // Nobody else sees it.
        using var stranger = new HttpClient();
        (await stranger.GetAsync(new Uri(server.Address, "first.png"), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var work = Open();
        opening.SetResult(work);
        await browser.PaintedAsync();
        await browser.AnswerAsync("1");
        await browser.SavedAsync(1);
        // The question for progress that learns that the studio is there is answered with 404, which a browser notes.
        browser.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
        await server.DisposeAsync(); // before the workplace
    }

    [Fact]
    public async Task Nothing_is_shown_through_a_link_nor_read_from_a_pipe()
    {
        WritePhantoms(1);
        Directory.CreateDirectory(folder.File("given"));
        var outside = Directory.GetFiles(folder.File("phantoms"), "*", SearchOption.AllDirectories).First(Studies.Archives.PictureFolder.IsPicture);
        File.CreateSymbolicLink(folder.File("given/a.png"), outside);
        Directory.CreateSymbolicLink(folder.File("given/b"), Path.GetDirectoryName(outside)!);
        SpecialFiles.MakePipe(folder.File("given/c.png"));
        (await new FolderPreview(folder.File("given")).Picture.WaitAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public void A_project_goes_on_after_the_folder_was_prepared_again_and_says_so_where_it_has_changed()
    {
        WritePhantoms(8);
        string second;
        using (var work = Open())
        {
            Answer(work, 3);
            second = work.Session.Next("reader-1", Finding)!.Picture;
        }
        Directory.Delete(folder.File("labels.radtex.dataset"), recursive: true);
        using (var work = Open())
        {
            work.Session.Read(b => b.Of("reader-1", Finding).Count).ShouldBe(3);
            work.Session.Next("reader-1", Finding)!.Picture.ShouldBe(second);
        }
        // The reserve is a random order of these patients, fixed at the start: others cannot join it afterwards.
        File.Delete(Directory.GetFiles(folder.File("phantoms"), "*.dcm", SearchOption.AllDirectories).Max()!);
        Directory.Delete(folder.File("labels.radtex.dataset"), recursive: true);
        Should.Throw<UserErrorException>(Open).Message.ShouldContain("was made for a dataset of hash");
    }

    private void WritePhantoms(int count) => _ = PhantomArchive.Write(
        new PhantomOptions(count, 3, 64, 0.3) { DicomBits = 12 }, folder.File("phantoms"), false, 0, null, Cancellation);

    private Workplace Open()
    {
        var prepared = folder.File("labels.radtex.dataset");
        _ = DatasetPreparation.Run(
            new FolderSource(folder.File("phantoms"), ownPatient: OwnPatients.Under(folder.File("labels.radtex.patients"))),
            new(prepared, new StudyOptions(Fractions: new(1, 0, 0)), 64), cancellation: Cancellation);
        return Workplace.Open(new(prepared, [Finding], folder.File("labels.radtex")));
    }

    private static void Answer(Workplace work, int count)
    {
        for (int i = 0; i < count; i++)
            work.Session.Answer("reader-1", Finding, work.Session.Next("reader-1", Finding)!.Picture, Studio.Labelling.Answer.Of(i % 2));
    }
}
