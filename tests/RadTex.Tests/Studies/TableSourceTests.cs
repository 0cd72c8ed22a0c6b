using Parquet;
using Parquet.Schema;
using RadTex.Files;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

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
        (row.ImageId, row.PatientId, row.StudyId, row.View, row.ReportText, row.Split)
            .ShouldBe(("b.png", "p2", "s2", "AP", "Effusion.", Split.Validate));
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
    [InlineData("patient_id,view\n1,PA\n", "'image-column'")]
    [InlineData("image,view\na.png,PA\n", "'patient-column'")]
    [InlineData("image,patient_id\na.png,1\n", "'views' = all")]
    [InlineData("image,patient_id,view,split\na.png,1,PA,holdout\n", "line 2, column 'split'")]
    [InlineData("image,patient_id,view\n", "has no rows")]
    public void Table_without_what_is_needed_is_one_clear_line(string table, string expected) =>
        Should.Throw<UserErrorException>(() => List(table)).Message.ShouldContain(expected);

    [Fact]
    public void Label_column_that_holds_text_is_one_clear_line()
    {
        const string table = "image,patient_id,view,edema\na.png,1,PA,0\nb.png,2,PA,marked\n";

        Should.Throw<UserErrorException>(() => List(table, new TableColumns(Labels: ["edema"]))).Message.ShouldContain("line 3, column 'edema'");
        Should.Throw<UserErrorException>(() => List(table, new TableColumns(Labels: ["oedema"]))).Message
            .ShouldContain("Found: image, patient_id, view, edema");
        List(table, new TableColumns(Labels: ["edema"]), new StudyOptions(SkipBadLabels: true)).Rejects.Single().Reason
            .ShouldBe(RejectReason.LabelNotANumber);
    }

    [Fact]
    public void Text_that_is_not_utf_8_is_named_by_row_and_column_and_read_in_its_own_encoding()
    {
        const string table = "image,patient_id,view,text\na.png,1,PA,Clear.\nb.png,2,PA,Lungenödem\n";
        File.WriteAllBytes(folder.File("t.csv"), System.Text.Encoding.Latin1.GetBytes(table));

        Should.Throw<UserErrorException>(() => ListOf(folder.File("t.csv"))).Message
            .ShouldContain("t.csv, line 3, column 'text': the text is not UTF-8");

        ListOf(folder.File("t.csv"), options: new StudyOptions(Encoding: TextFile.ParseEncoding("latin1"))).Radiographs[1].ReportText
            .ShouldBe("Lungenödem");
        ListOf(folder.File("t.csv"), options: new StudyOptions(Encoding: TextFile.ParseEncoding("windows-1252"))).Radiographs[1].ReportText
            .ShouldBe("Lungenödem");
        Should.Throw<UserErrorException>(() => TextFile.ParseEncoding("klingon")).Message.ShouldContain("windows-1252");
    }

    [Fact]
    public void Utf_16_is_known_by_its_mark_and_asked_for_without()
    {
        const string table = "image,patient_id,view,text\na.png,1,PA,Lungenödem\n";
        File.WriteAllText(folder.File("marked.csv"), table, System.Text.Encoding.Unicode);
        File.WriteAllBytes(folder.File("bare.csv"), System.Text.Encoding.Unicode.GetBytes(table));

        ListOf(folder.File("marked.csv")).Radiographs[0].ReportText.ShouldBe("Lungenödem");
        Should.Throw<UserErrorException>(() => ListOf(folder.File("bare.csv"))).Message.ShouldContain("utf-16");
        ListOf(folder.File("bare.csv"), options: new StudyOptions(Encoding: TextFile.ParseEncoding("utf-16"))).Radiographs[0].ReportText
            .ShouldBe("Lungenödem");
    }

    [Fact]
    public void Header_that_is_not_utf_8_is_named_by_its_column()
    {
        File.WriteAllBytes(folder.File("t.csv"), System.Text.Encoding.Latin1.GetBytes("image,patient_id,Größe\na.png,1,3\n"));

        Should.Throw<UserErrorException>(() => ListOf(folder.File("t.csv"))).Message.ShouldContain("line 1, column 3: the header is not UTF-8");
    }

    [Fact]
    public void Column_named_twice_is_an_error_that_gives_both_places()
    {
        const string table = "image,patient_id,view,edema,edema\na.png,1,PA,0,1\n";

        Should.Throw<UserErrorException>(() => List(table, new TableColumns(Labels: ["edema"]))).Message
            .ShouldContain("two columns 'edema' (columns 4 and 5)");
        List(table).Radiographs.Count.ShouldBe(1); // nobody asks for it
        List("image,patient_id,view,ABC,abc\na.png,1,PA,0,1\n", new TableColumns(Labels: ["abc"])).Radiographs[0].Labels.ShouldBe([1]);
        Should.Throw<UserErrorException>(() => List("image,patient_id,view,ABC,abc\na.png,1,PA,0,1\n", new TableColumns(Labels: ["Abc"]))).Message
            .ShouldContain("columns 4 and 5");
    }

    [Fact]
    public void Columns_that_are_not_used_are_named() =>
        List("image,patient_id,view,age,edema,site\na.png,1,PA,60,0,x\n", new TableColumns(Labels: ["edema"])).Notes
            .ShouldContain("not used: columns age, site");

    [Fact]
    public void Patient_that_stands_for_none_empty_splits_and_rare_classes_are_warned_of()
    {
        var rows = Enumerable.Range(0, 100)
            .Select(i => $"{i}.png,{(i < 28 ? "unknown" : $"p{i}")},PA,{(i % 50 == 0 ? 1 : 0)},{(i < 90 ? "train" : "test")}\n");

        var notes = List("image,patient_id,view,edema,split\n" + string.Concat(rows), new TableColumns(Labels: ["edema"])).Notes;

        notes.ShouldContain(n => n.StartsWith("warning: patient 'unknown' has 28 of 100 radiographs (28"));
        notes.ShouldContain("warning: no radiograph is in the split validate.");
        notes.ShouldContain(n => n.StartsWith("warning: a label has fewer than 20 positive or negative") && n.Contains("edema 0 : 10"));
    }

    [Fact]
    public void A_split_by_hash_that_one_patient_leaves_far_too_small_is_warned_of()
    {
        var rows = Enumerable.Range(0, 400).Select(i => $"{i}.png,{(i < 300 ? "unknown" : $"p{i}")},PA,{i % 2}\n");

        var notes = List("image,patient_id,view,edema\n" + string.Concat(rows), new TableColumns(Labels: ["edema"])).Notes;

        // The patient's 300 are in one split; of the others at least one has less than half of what was asked for.
        notes.Where(n => n.StartsWith("warning: the split ")).ShouldNotBeEmpty();
        notes.Where(n => n.StartsWith("warning: the split "))
            .ShouldAllBe(n => n.Contains(" of 400 were asked for: some patients have far more than others."));
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
