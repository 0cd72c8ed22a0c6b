using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

public sealed class NihChestXray14SourceTests : IDisposable
{
    private const string Entries = "Data_Entry_2017_v2020.csv";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Entries_are_listed_with_absence_as_negative()
    {
        var listing = List(MiniatureArchives.Nih(folder.Path));

        listing.LabelNames.Count.ShouldBe(15);
        listing.Radiographs.Count.ShouldBe(12);
        var row = listing.Radiographs[1];
        (row.ImageId, row.PatientId, row.StudyId, row.View, row.ImagePath)
            .ShouldBe(("00000001_001.png", "1", "1_1", "AP", "images/00000001_001.png"));
        Positive(listing, row).ShouldBe(["Effusion", "Pleural_Thickening"]);
        row.Labels.Count(l => l == 0).ShouldBe(13);
        Positive(listing, listing.Radiographs[0]).ShouldBe(["No Finding"]);
        listing.HasTexts.ShouldBeFalse();
    }

    [Theory]
    [InlineData("images_001/images")]
    [InlineData("images_012/images")]
    [InlineData(".")]
    public void Pictures_are_found_where_the_archives_unpack_them(string images)
    {
        var listing = List(MiniatureArchives.Nih(folder.Path, 2, images));

        foreach (var row in listing.Radiographs) File.Exists(listing.Images.Resolve(row.ImagePath)).ShouldBeTrue(row.ImagePath);
    }

    [Fact]
    public void Header_with_quoted_brackets_is_read_too()
    {
        MiniatureArchives.Nih(folder.Path);
        MiniatureArchives.Edit(
            folder.File(Entries), "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]",
            "\"OriginalImage[Width,Height]\",\"OriginalImagePixelSpacing[x,y]\"");

        List().Radiographs.Count.ShouldBe(12);
    }

    [Fact]
    public void Official_lists_decide_and_validation_is_carved_by_patient()
    {
        MiniatureArchives.Nih(folder.Path, 40);
        var names = Enumerable.Range(1, 40).ToDictionary(p => p, p => $"{p:00000000}_000.png\n{p:00000000}_001.png\n");
        MiniatureArchives.WriteText(folder.File("train_val_list.txt"), string.Concat(names.Where(n => n.Key <= 30).Select(n => n.Value)));
        MiniatureArchives.WriteText(folder.File("test_list.txt"), string.Concat(names.Where(n => n.Key is > 30 and < 40).Select(n => n.Value)));

        var listing = List(options: new StudyOptions(Split: SplitRule.Official, Fractions: new SplitFractions(0.5, 0.5, 0)));

        listing.Radiographs.Where(r => r.Split == Split.Test).Select(r => int.Parse(r.PatientId)).Distinct().ShouldBe(Enumerable.Range(31, 9));
        listing.Radiographs.Count(r => r.Split == Split.Validate).ShouldBeInRange(10, 50); // half of 60, by patient
        listing.Rejects.Count(r => r.Reason == RejectReason.NoSplit).ShouldBe(2);
        PatientSplits.Shared(listing.Radiographs.Select(r => (r.PatientId, r.Split!.Value))).ShouldBe(0);
    }

    [Fact]
    public void Unknown_finding_and_short_row_are_rejected()
    {
        MiniatureArchives.Nih(folder.Path);
        File.AppendAllText(folder.File(Entries), "x.png,Tuberculosis,0,1,60,F,PA,1,1,1,1,\ny.png,Mass\nz.png,,0,1,60,F,PA,1,1,1,1,\n");

        List().Rejects.Select(r => (r.ImageId, r.Reason)).ShouldBe(
            [("x.png", RejectReason.UnknownLabel), ("y.png", RejectReason.MalformedRow), ("z.png", RejectReason.UnknownLabel)]);
    }

    [Fact]
    public void Boxes_are_those_of_pictures_of_1024_px()
    {
        MiniatureArchives.Nih(folder.Path);
        MiniatureArchives.WriteText(folder.File("BBox_List_2017.csv"),
            "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_001.png,Effusion,100.5,200,300,400,,,\n00000001_001.png,Infiltrate,1,2,3,4,,,\n");

        var listing = List();

        listing.Radiographs[1].Boxes.ShouldBe(
            [new FindingBox("Effusion", 100.5, 200, 300, 400, 1024), new FindingBox("Infiltration", 1, 2, 3, 4, 1024)]);
        listing.Radiographs[0].Boxes.ShouldBeNull();
    }

    [Fact]
    public void Real_labels_are_those_of_a_plain_count()
    {
        var listing = List(SharedData.Require("nih-cxr14"));
        var cells = File.ReadLines(SharedData.Require("nih-cxr14/" + Entries)).Skip(1).Select(line => line.Split(',')[1].Split('|')).ToArray();

        foreach (var (finding, i) in NihChestXray14Source.Findings.Select((f, i) => (f, i)))
        {
            int plain = cells.Count(words => words.Contains(finding));
            listing.Radiographs.Count(r => r.Labels[i] == 1).ShouldBe(plain, finding);
            listing.Radiographs.Count(r => r.Labels[i] == 0).ShouldBe(cells.Length - plain, finding);
        }
    }

    [Fact]
    public void Missing_lists_and_table_are_one_clear_line()
    {
        Should.Throw<UserErrorException>(() => List()).Message.ShouldContain("Data_Entry_2017");

        MiniatureArchives.Nih(folder.Path);
        Should.Throw<UserErrorException>(() => List(options: new StudyOptions(Split: SplitRule.Official))).Message
            .ShouldContain("train_val_list.txt");
    }

    [Fact]
    public void Real_archive_is_listed()
    {
        var listing = List(SharedData.Require("nih-cxr14"));

        listing.Radiographs.Count.ShouldBe(705);
        listing.Rejects.ShouldBeEmpty();
        int pneumonia = listing.LabelNames.ToList().IndexOf("Pneumonia");
        listing.Radiographs.Count(r => r.Labels[pneumonia] == 1).ShouldBe(348); // grep -c Pneumonia
        listing.Radiographs.ShouldAllBe(r => File.Exists(listing.Images.Resolve(r.ImagePath)));
    }

    private StudyListing List(string? root = null, StudyOptions? options = null) =>
        new NihChestXray14Source(root ?? folder.Path).List(options ?? new StudyOptions());

    private static IEnumerable<string> Positive(StudyListing listing, Radiograph row) => listing.LabelNames.Where((_, i) => row.Labels[i] == 1);
}
