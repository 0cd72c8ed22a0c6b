using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Tests.Studies;

public sealed class MimicCxrJpgSourceTests : IDisposable
{
    private const string Labels = "mimic-cxr-2.0.0-chexpert.csv", Metadata = "mimic-cxr-2.0.0-metadata.csv", SplitTable = "mimic-cxr-2.0.0-split.csv";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Archive_is_listed_with_ids_paths_labels_and_official_split(bool gzip)
    {
        MiniatureArchives.Mimic(folder.Path, gzip: gzip);

        var listing = List();

        listing.LabelNames.ShouldBe(["Atelectasis", "Edema", "No Finding"]);
        listing.Radiographs.Count.ShouldBe(12);
        var first = listing.Radiographs[3]; // patient 1, study 1
        first.ImageId.ShouldBe("1-1-ap");
        (first.PatientId, first.StudyId, first.View).ShouldBe(("10000001", "50000011", "AP"));
        first.ImagePath.ShouldBe("files/p10/p10000001/s50000011/1-1-ap.jpg");
        first.ReportPath.ShouldBe("p10/p10000001/s50000011.txt");
        first.Split.ShouldBe(Split.Validate);
        first.Labels.ShouldBe([null, 0, null]);
        listing.Radiographs[0].Labels.ShouldBe([1, -1, null]);
        listing.Images.Resolve(first.ImagePath).ShouldSatisfyAllConditions(path => File.Exists(path).ShouldBeTrue());
        listing.Reports.Resolve(first.ReportPath!).ShouldSatisfyAllConditions(path => File.Exists(path).ShouldBeTrue());
        listing.Rejects.Count(r => r.Reason == RejectReason.NotFrontal).ShouldBe(12);
        listing.Rejects[0].Row.ShouldBe(3); // the header is line 1
    }

    [Fact]
    public void Tables_may_lie_in_a_folder_of_their_own()
    {
        MiniatureArchives.Mimic(folder.Path);
        Directory.CreateDirectory(folder.File("tables"));
        foreach (var table in Directory.GetFiles(folder.Path, "mimic-cxr-*"))
            File.Move(table, Path.Combine(folder.File("tables"), Path.GetFileName(table)));

        new MimicCxrJpgSource(folder.Path, new MimicOptions(Tables: folder.File("tables"))).List(new StudyOptions()).Radiographs.Count.ShouldBe(12);
    }

    [Fact]
    public void All_views_are_taken_when_asked_for() =>
        List(new StudyOptions(ViewFilter.All), MiniatureArchives.Mimic(folder.Path)).Radiographs.Count.ShouldBe(24);

    [Fact]
    public void Columns_are_found_by_name_whatever_their_order()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        MiniatureArchives.WriteText(folder.File(Labels), "Edema,study_id,Atelectasis,subject_id\n1.0,50000000,,10000000\n");

        var listing = List();

        listing.LabelNames.ShouldBe(["Edema", "Atelectasis"]);
        listing.Radiographs[0].Labels.ShouldBe([1, null]);
        listing.Radiographs[1].Labels.ShouldBe([null, null]); // its study is not in the table
    }

    [Fact]
    public void Newer_release_and_other_labeler_are_found()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        foreach (var name in new[] { Metadata, SplitTable })
            File.Move(folder.File(name), folder.File(name.Replace("2.0.0", "2.1.0", StringComparison.Ordinal)));
        File.Move(folder.File(Labels), folder.File("mimic-cxr-2.0.0-negbio.csv"));
        MiniatureArchives.WriteText(folder.File("mimic-cxr-2.1.0-test-set-labeled.csv"), "study_id,Edema\n1,1\n");

        var listing = ListOf(new MimicCxrJpgSource(folder.Path, new MimicOptions(Labels: "negbio")));

        listing.Radiographs.Count.ShouldBe(12);
        Should.Throw<UserErrorException>(() => List()).Message.ShouldContain("'labels' = none");
        ListOf(new MimicCxrJpgSource(folder.Path, new MimicOptions(Labels: "none"))).LabelNames.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reports_may_lie_in_a_tree_of_their_own(bool withFilesFolder)
    {
        MiniatureArchives.Mimic(folder.File("jpg"), reports: false);
        var reports = folder.File(withFilesFolder ? "reports/files" : "reports");
        MiniatureArchives.WriteText(Path.Combine(reports, "p10", "p10000000", "s50000000.txt"), "text");

        var listing = ListOf(new MimicCxrJpgSource(folder.File("jpg"), new MimicOptions(folder.File("reports"))));

        File.Exists(listing.Reports.Resolve(listing.Radiographs[0].ReportPath!)).ShouldBeTrue();
    }

    [Fact]
    public void Label_that_is_no_number_names_file_line_and_column_but_not_the_cell()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        MiniatureArchives.Edit(folder.File(Labels), "10000002,50000020,1.0", "10000002,50000020,pleural effusion of Mr Smith");

        var message = Should.Throw<UserErrorException>(() => List()).Message;

        message.ShouldContain(Labels);
        message.ShouldContain("line 6");
        message.ShouldContain("'Atelectasis'");
        message.ShouldNotContain("Smith");
    }

    [Fact]
    public void Rows_with_bad_labels_are_rejected_when_asked_for()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        MiniatureArchives.Edit(folder.File(Labels), "10000002,50000020,1.0", "10000002,50000020,yes");

        var listing = List(new StudyOptions(SkipBadLabels: true));

        listing.Radiographs.Count.ShouldBe(11);
        listing.Rejects.ShouldContain(r => r.ImageId == "2-0-ap" && r.Reason == RejectReason.LabelNotANumber);
    }

    [Fact]
    public void Bad_rows_are_rejected_each_with_its_reason()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        File.AppendAllText(folder.File(Metadata),
            "0-0-ap,10000000,50000000,x,AP,1,1\n" // line 26: a duplicate
            + ",10000000,50000000,x,AP,1,1\n"
            + "new,,50000000,x,AP,1,1\n"
            + "noview,10000000,50000000,x,,1,1\n"
            + "short,10000000\n"
            + "unsplit,10000000,50000000,x,PA,1,1\n");

        var rejects = List().Rejects.Where(r => r.Row > 25).Select(r => (r.Row, r.Reason));

        rejects.ShouldBe([
            (26L, RejectReason.DuplicateImage), (27L, RejectReason.NoImageId), (28L, RejectReason.NoPatientId), (29L, RejectReason.UnknownView),
            (30L, RejectReason.MalformedRow), (31L, RejectReason.NoSplit)], ignoreOrder: true);
    }

    [Fact]
    public void Patient_in_two_splits_is_an_error_with_its_cure()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        MiniatureArchives.Edit(folder.File(SplitTable), "0-1-ap,50000001,10000000,train", "0-1-ap,50000001,10000000,test");

        var message = Should.Throw<UserErrorException>(() => List()).Message;

        message.ShouldContain("1 patients");
        message.ShouldContain("'split' = hash");
        message.ShouldNotContain("10000000");
        var byHash = List(new StudyOptions(Split: SplitRule.Hash));
        PatientSplits.Shared(byHash.Radiographs.Select(r => (r.PatientId, r.Split!.Value))).ShouldBe(0);
    }

    [Fact]
    public void Missing_split_file_falls_back_to_a_hash_unless_the_official_is_demanded()
    {
        MiniatureArchives.Mimic(folder.Path, gzip: false);
        File.Delete(folder.File(SplitTable));

        List().Notes.ShouldContain(n => n.Contains("hash"));
        Should.Throw<UserErrorException>(() => List(new StudyOptions(Split: SplitRule.Official))).Message.ShouldContain("split.csv");
    }

    [Fact]
    public void Missing_folder_table_column_or_rows_are_one_clear_line_each()
    {
        Message(() => List(null, folder.File("nowhere"))).ShouldContain("nowhere is no folder");
        Message(() => List()).ShouldContain("metadata.csv.gz");

        MiniatureArchives.Mimic(folder.Path, gzip: false);
        var metadata = File.ReadAllText(folder.File(Metadata));
        MiniatureArchives.Edit(folder.File(Metadata), "ViewPosition", "Position");
        Message(() => List()).ShouldContain("no column 'ViewPosition'. Found: dicom_id");

        File.WriteAllText(folder.File(Metadata), metadata.Split('\n')[0] + "\n");
        Message(() => List()).ShouldContain("has no rows");
        File.WriteAllText(folder.File(Metadata), "");
        Message(() => List()).ShouldContain("is empty");
        File.WriteAllText(folder.File(Metadata), metadata.Replace(",AP,", ",LL,", StringComparison.Ordinal));
        Message(() => List()).ShouldContain("'views' = all");
    }

    [Fact]
    public void Damaged_gzip_and_unclosed_quote_are_one_clear_line()
    {
        MiniatureArchives.Mimic(folder.Path, patients: 40);
        var bytes = File.ReadAllBytes(folder.File(Metadata + ".gz"));
        foreach (double kept in new[] { 0.3, 0.5, 0.9, 0.99 })
        {
            File.WriteAllBytes(folder.File(Metadata + ".gz"), bytes[..(int)(bytes.Length * kept)]); // as a download that broke off
            Message(() => List()).ShouldContain("metadata.csv.gz");
        }

        File.Delete(folder.File(Metadata + ".gz"));
        MiniatureArchives.WriteText(folder.File(Metadata), "dicom_id,subject_id,study_id,ViewPosition\n\"a,1,2,AP\nb,1,2,AP\n");
        Message(() => List()).ShouldContain("cannot be read as a table");
    }

    [Fact]
    public void Extra_labels_join_by_image_or_by_study()
    {
        MiniatureArchives.Mimic(folder.Path);
        MiniatureArchives.WriteText(
            folder.File("consensus.csv"), "subject_id,study_id,dicom_id,edema_severity\n10000000,50000000,0-0-ap,2\n10000001,50000011,1-1-ap,0\n");
        MiniatureArchives.WriteTable(
            folder.Path, "regex.csv", "subject_id,study_id,severity,comment\n10000000,50000000,3,fine\n10000000,50000001,,fine\n", gzip: true);

        var listing = List(new StudyOptions(ExtraLabels: [folder.File("consensus.csv"), "report=" + folder.File("regex.csv.gz")]));

        listing.LabelNames.ShouldBe(["Atelectasis", "Edema", "No Finding", "edema_severity", "report severity"]);
        listing.Radiographs.Single(r => r.ImageId == "0-0-ap").Labels.ShouldBe([1, -1, null, 2, 3]);
        listing.Radiographs.Single(r => r.ImageId == "1-1-ap").Labels.ShouldBe([null, 0, null, 0, null]);
        listing.Notes.ShouldContain(n => n.Contains("2 of 12") && n.Contains("consensus.csv"));
        listing.Notes.ShouldContain(n => n.Contains("left out: comment (text)"));
    }

    [Theory]
    [InlineData("dicom_id,severity\n0-0-ap,2\n1-0-ap,high\n", "line 3, column 'severity'")]
    [InlineData("patient,severity\n1,2\n", "dicom_id, image_id or study_id")]
    [InlineData("dicom_id,Edema\n0-0-ap,2\n", "WORD=")]
    [InlineData("dicom_id,severity\nother,2\n", "labels none of the 12")]
    [InlineData("dicom_id,severity\n0-0-ap,2\n0-0-ap,1\n", "lines 2 and 3")]
    [InlineData("dicom_id,comment\n0-0-ap,fine\n", "no column of labels")]
    public void Extra_labels_that_do_not_fit_are_one_clear_line(string table, string expected)
    {
        MiniatureArchives.Mimic(folder.Path);
        var path = MiniatureArchives.WriteText(folder.File("extra.csv"), table);

        Message(() => List(new StudyOptions(ExtraLabels: [path]))).ShouldContain(expected);
    }

    [Fact]
    public void Extra_columns_that_are_no_labels_are_left_out_and_named()
    {
        MiniatureArchives.Mimic(folder.Path);
        var path = MiniatureArchives.WriteText(
            folder.File("truth.csv"), "dicom_id,Fracture,grade,difficulty,contrast,age,blank\n0-0-ap,1,3,1,0.37,61,\n1-1-ap,0,,1,,74,\n");

        var listing = List(new StudyOptions(ExtraLabels: [path]));

        listing.LabelNames.Skip(3).ShouldBe(["Fracture", "grade"]);
        listing.Notes.ShouldContain(n => n.Contains(
            "left out: difficulty (how the picture was drawn); contrast, age (not whole numbers from -1 to 20); blank (no value)"));
        List(new StudyOptions(ExtraLabels: [$"word={path}:contrast, age"])).LabelNames.Skip(3).ShouldBe(["word contrast", "word age"]);
        Message(() => List(new StudyOptions(ExtraLabels: [$"{path}:nothing"]))).ShouldContain("no column 'nothing'");
    }

    [Fact]
    public void Extra_labels_tell_studies_that_are_numbered_within_each_patient_by_the_patient()
    {
        var table = MiniatureArchives.WriteText(folder.File("t.csv"), "image,patient_id,study_id,view\na.png,p1,1,PA\nb.png,p2,1,PA\n");
        StudyListing List(string labels) => new TableSource(table, new TableColumns())
            .List(new StudyOptions(ExtraLabels: [MiniatureArchives.WriteText(folder.File("l.csv"), labels)]));

        List("patient_id,study_id,grade\np1,1,2\np2,1,0\n").Radiographs.Select(r => r.Labels[0]).ShouldBe([2, 0]);
        Message(() => List("study_id,grade\n1,2\n")).ShouldContain("both patient p1 and patient p2");
    }

    [Fact]
    public void Limit_takes_the_first() =>
        List(new StudyOptions(Limit: 5), MiniatureArchives.Mimic(folder.Path)).Radiographs.Select(r => r.ImageId)
            .ShouldBe(["0-0-ap", "0-1-ap", "1-0-ap", "1-1-ap", "2-0-ap"]);

    private StudyListing List(StudyOptions? options = null, string? root = null) => ListOf(new MimicCxrJpgSource(root ?? folder.Path), options);

    private static StudyListing ListOf(MimicCxrJpgSource source, StudyOptions? options = null) => source.List(options ?? new StudyOptions());

    private static string Message(Action action) => Should.Throw<UserErrorException>(action).Message;
}
