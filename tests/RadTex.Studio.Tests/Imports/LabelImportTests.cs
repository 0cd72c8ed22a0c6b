using RadTex.Studio.Exports;
using RadTex.Studio.Imports;
using RadTex.Studio.Projects;
using RadTex.Studio.Tests.Web;

namespace RadTex.Studio.Tests.Imports;

public sealed class LabelImportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("labels.csv")]
    [InlineData("labels.parquet")]
    [InlineData("labels.json")]
    public async Task Labels_that_left_one_project_come_into_another_one_and_back_once(string name)
    {
        await using var from = await SmallStudio.OpenAsync(Cancellation);
        from.Label(30);
        var file = from.File(name);
        Action<IReadOnlyList<LabelRow>, string> write = Path.GetExtension(name) switch
        {
            ".csv" => LabelTable.WriteCsv,
            ".parquet" => LabelTable.WriteParquet,
            _ => (rows, path) => LabelStudioFile.Write(rows, 2, path),
        };
        write(LabelRow.Of(from.Work), file);
        await using var to = await SmallStudio.OpenAsync(Cancellation);
        LabelImport.Run(to.Work, file).ShouldBe(new(30, 0, 0));
        LabelImport.Run(to.Work, file).ShouldBe(new(0, 30, 0));
        to.Work.Session.Read(b => b.Labelled(SmallStudio.Finding)).OrderBy(l => l.Picture)
            .ShouldBe(from.Work.Session.Read(b => b.Labelled(SmallStudio.Finding)).OrderBy(l => l.Picture));
        to.Work.Session.Head(SmallStudio.Finding).ShouldNotBeNull();
        LabelRow.Of(to.Work).Select(r => (r.ImageId, r.First)).ShouldBe(LabelRow.Of(from.Work).Select(r => (r.ImageId, r.First)), ignoreOrder: true);
    }

    [Fact]
    public async Task Imported_labels_are_learnt_from_but_no_figure_counts_them()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, count: 520);
        var file = studio.File("all.csv");
        await File.WriteAllLinesAsync(
            file, ["image_id,Edema", .. studio.Work.Dataset.Radiographs.Select(r => $"{r.ImageId},{(r.Labels[0] > 0 ? "1.0" : "0.0")}")],
            Cancellation);
        var brought = LabelImport.Run(studio.Work, file);
        brought.Added.ShouldBe(studio.Work.Pool.Count);
        brought.Elsewhere.ShouldBe(520 - studio.Work.Pool.Count); // the test split's
        var figures = studio.Work.Session.Figures(SmallStudio.Finding);
        (figures.Labels, figures.Imported, figures.ReserveByClass.Sum()).ShouldBe((brought.Added, brought.Added, 0));
        figures.Auc.ShouldBeNull();
        // Nothing is left to ask but the reserve, whose answers are given here.
        var events = new List<StudioEvent>();
        while (studio.Work.Session.Next("reader-1", SmallStudio.Finding) is { } next && events.Count < 30)
        {
            events.Add(next);
            studio.Work.Session.Answer(
                "reader-1", SmallStudio.Finding, next.Picture, RadTex.Studio.Labelling.Answer.Of(studio.Truth(next.Picture) ? 1 : 0));
        }
        events.ShouldAllBe(e => e.Policy == "reserve");
        studio.Work.Session.Figures(SmallStudio.Finding).ReserveByClass.Sum().ShouldBe(30);
        await studio.RestartAsync(Cancellation);
        studio.Work.Session.Figures(SmallStudio.Finding).Labels.ShouldBe(brought.Added);
    }

    [Fact]
    public async Task A_readers_answer_counts_before_an_imported_one()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(1);
        var row = LabelRow.Of(studio.Work).Single();
        var file = studio.File("other.csv");
        await File.WriteAllLinesAsync(
            file, ["image_id,finding,value,reader", $"{row.ImageId},Edema,{(row.First == "1" ? "absent" : "present")},Dr. A. Name"], Cancellation);
        LabelImport.Run(studio.Work, file).Added.ShouldBe(1);
        studio.Work.Session.Read(b => b.Labelled(SmallStudio.Finding)).Single().Class.ToString().ShouldBe(row.First);
        studio.Work.Project.Events[^1].Reader.ShouldBe("imported"); // no name of a person
        studio.Work.Session.Read(b => b.Disagreements(SmallStudio.Finding)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("image_id,Edema\nimage0,maybe\n", "row 2")]
    [InlineData("image_id,Pneumonia\nimage0,1\n", "Edema")]
    [InlineData("id,Edema\nimage0,1\n", "image_id")]
    [InlineData("image_id,Edema\nanother,1\n", "no label of this project")]
    public async Task A_table_of_something_else_is_refused_and_nothing_of_it_is_kept(string text, string expected)
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        var file = studio.File("labels.csv");
        await File.WriteAllTextAsync(file, text, Cancellation);
        int before = studio.Work.Project.Events.Count;
        Should.Throw<UserErrorException>(() => LabelImport.Run(studio.Work, file)).Message.ShouldContain(expected);
        studio.Work.Project.Events.Count.ShouldBe(before);
    }

    [Fact]
    public async Task Label_Studios_own_export_is_read_by_the_names_of_files_without_its_annotators()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, withEncoder: false);
        var file = studio.File("export.json");
        await File.WriteAllTextAsync(file, """
            [{"id": 7, "data": {"image": "/data/upload/1/image0.png?d=x"}, "annotations": [
                {"completed_by": {"id": 3, "email": "someone@example.org"}, "was_cancelled": false,
                 "result": [{"from_name": "Edema", "to_name": "image", "type": "choices", "value": {"choices": ["present"]}}]},
                {"completed_by": 4, "was_cancelled": true,
                 "result": [{"from_name": "Edema", "to_name": "image", "type": "choices", "value": {"choices": ["absent"]}}]}]}]
            """, Cancellation);
        LabelImport.Run(studio.Work, file).Added.ShouldBe(1);
        var kept = studio.Work.Project.Events[^1];
        (kept.Kind, kept.Reader, kept.Value).ShouldBe((EventKind.Import, "annotator-3", "1"));
        await File.WriteAllTextAsync(file, """{"not": "tasks"}""", Cancellation);
        Should.Throw<UserErrorException>(() => LabelImport.Run(studio.Work, file)).Message.ShouldContain("Label Studio");
    }
}
