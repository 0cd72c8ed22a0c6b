using Parquet;
using Parquet.Schema;
using RadTex.Studies;

namespace RadTex.Tests.Studies;

public sealed class TableSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Usual_column_names_are_found()
    {
        var listing = List("Path,Patient_ID,study_id,ViewPosition,Report,split\na.png,p1,s1,PA,Clear lungs.,train\nb.png,p2,s2,AP,Effusion.,val\n");

        var row = listing.Radiographs[1];
        (row.ImageId, row.PatientId, row.StudyId, row.View, row.ReportText, row.Split).ShouldBe(("b.png", "p2", "s2", "AP", "Effusion.", Split.Validate));
        listing.HasTexts.ShouldBeTrue();
    }

    [Fact]
    public void Named_columns_labels_and_categories_are_read()
    {
        var columns = new TableColumns("pic", "who", View: "proj", Labels: ["sev", "dead"], Categories: ["dx"]);

        var listing = List("pic,who,proj,sev,dead,dx\na.png,1,PA,3,True,COVID-19|ARDS\nb.png,2,AP,,False,SARS\nc.png,3,AP,-1,,\n", columns);

        listing.LabelNames.ShouldBe(["sev", "dead", "dx=ARDS", "dx=COVID-19", "dx=SARS"]);
        listing.Radiographs[0].Labels.ShouldBe([3, 1, 1, 1, 0]);
        listing.Radiographs[1].Labels.ShouldBe([null, 0, 0, 0, 1]);
        listing.Radiographs[2].Labels.ShouldBe([-1, null, null, null, null]);
        listing.Radiographs[0].StudyId.ShouldBe("a.png"); // no study column
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    public void Other_separators_are_read(char separator) =>
        List("image,patient_id,view\na.png,1,PA\nb.png,2,PA\n".Replace(',', separator)).Radiographs.Count.ShouldBe(2);

    [Fact]
    public async Task Parquet_is_read_as_csv_is()
    {
        var path = folder.File("t.parquet");
        await WriteParquet(path);

        var listing = ListOf(path, new TableColumns(Labels: ["grade", "flag"]));

        listing.Radiographs.Select(r => (r.ImageId, r.PatientId, r.View, r.ReportText, r.Row))
            .ShouldBe([("a.png", "11", "PA", "Clear.", 1L), ("b.png", "12", "AP", "", 2L), ("c.png", "13", "PA", "Hazy.", 3L)]);
        listing.Radiographs.Select(r => r.Labels).ShouldBe([[1.5, 1.0], [null, 0.0], [-1.0, 1.0]]);
    }

    [Fact]
    public void Damaged_parquet_is_one_clear_line()
    {
        MiniatureArchives.WriteText(folder.File("t.parquet"), "PAR1 but nothing else of it");

        Should.Throw<UserErrorException>(() => ListOf(folder.File("t.parquet")))
            .Message.ShouldContain("t.parquet cannot be read");
    }

    [Theory]
    [InlineData("patient_id,view\n1,PA\n", "--image-column")]
    [InlineData("image,view\na.png,PA\n", "--patient-column")]
    [InlineData("image,patient_id\na.png,1\n", "--views all")]
    [InlineData("image,patient_id,view,split\na.png,1,PA,holdout\n", "line 2, column 'split'")]
    [InlineData("image,patient_id,view\n", "has no rows")]
    public void Table_without_what_is_needed_is_one_clear_line(string table, string expected) =>
        Should.Throw<UserErrorException>(() => List(table)).Message.ShouldContain(expected);

    [Fact]
    public void Label_column_that_holds_text_is_one_clear_line()
    {
        const string table = "image,patient_id,view,edema\na.png,1,PA,0\nb.png,2,PA,marked\n";

        Should.Throw<UserErrorException>(() => List(table, new TableColumns(Labels: ["edema"]))).Message.ShouldContain("line 3, column 'edema'");
        Should.Throw<UserErrorException>(() => List(table, new TableColumns(Labels: ["oedema"]))).Message.ShouldContain("Found: image, patient_id, view, edema");
        List(table, new TableColumns(Labels: ["edema"]), new StudyOptions(SkipBadLabels: true)).Rejects.Single().Reason.ShouldBe(RejectReason.LabelNotANumber);
    }

    [Fact]
    public void Real_notes_need_no_option()
    {
        var listing = ListOf(SharedData.Require("covid-notes/metadata.csv"));

        listing.Radiographs.Count.ShouldBe(183);
        listing.Radiographs.DistinctBy(r => r.PatientId).Count().ShouldBe(106);
        listing.Radiographs.ShouldAllBe(r => r.ReportText!.Length > 0 && File.Exists(listing.Images.Resolve(r.ImagePath)));
    }

    private StudyListing List(string table, TableColumns? columns = null, StudyOptions? options = null)
    {
        var path = MiniatureArchives.WriteText(folder.File("table.csv"), table);
        return ListOf(path, columns, options);
    }

    private static StudyListing ListOf(string path, TableColumns? columns = null, StudyOptions? options = null) =>
        new TableSource(path, columns ?? new TableColumns()).List(options ?? new StudyOptions());

    private static async Task WriteParquet(string path)
    {
        DataField<string> image = new("image"), view = new("view"), text = new("text", true);
        var patient = new DataField<long>("patient_id");
        var grade = new DataField<double?>("grade");
        var flag = new DataField<bool>("flag");
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(image, patient, view, text, grade, flag), stream);
        await Group(["a.png", "b.png"], [11, 12], ["PA", "AP"], ["Clear.", null!], [1.5, null], [true, false]);
        await Group(["c.png"], [13], ["PA"], ["Hazy."], [-1], [true]);

        async Task Group(string[] images, long[] patients, string[] views, string[] texts, double?[] grades, bool[] flags)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(image, images);
            await group.WriteAsync<long>(patient, patients);
            await group.WriteAsync(view, views);
            await group.WriteAsync(text, texts);
            await group.WriteAsync<double>(grade, grades);
            await group.WriteAsync<bool>(flag, flags);
        }
    }
}
