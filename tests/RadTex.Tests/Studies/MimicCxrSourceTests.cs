using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

/// <summary>MIMIC-CXR as DICOM, and what both of its forms share: frontal lists and edema grades.</summary>
public sealed class MimicCxrSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Records_are_listed_with_the_tables_of_the_other_archive()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        Records();

        var listing = new MimicCxrSource(folder.File("dicom"), new MimicOptions(Tables: folder.File("jpg"))).List(new StudyOptions());

        listing.Radiographs.Count.ShouldBe(12);
        var first = listing.Radiographs[0];
        (first.ImageId, first.PatientId, first.StudyId, first.View, first.Split).ShouldBe(("0-0-ap", "10000000", "50000000", "AP", Split.Train));
        (first.ImagePath, first.ReportPath).ShouldBe(("files/p10/p10000000/s50000000/0-0-ap.dcm", "p10/p10000000/s50000000.txt"));
        first.Labels.ShouldBe([1, -1, null]);
        listing.Rejects.ShouldAllBe(r => r.Reason == RejectReason.NotFrontal);
    }

    [Fact]
    public void Without_those_tables_the_files_state_the_views_and_patients_are_split_by_hash()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        Records();

        var listing = new MimicCxrSource(folder.File("dicom"), new MimicOptions(Labels: "none")).List(new StudyOptions());

        listing.Radiographs.Count.ShouldBe(24); // a DICOM file is asked for its view when it is opened
        listing.Notes.ShouldContain(n => n.Contains("hash"));
        Should.Throw<UserErrorException>(() => new MimicCxrSource(folder.File("dicom")).List(new StudyOptions())).Message
            .ShouldContain("'labels' = none");
    }

    [Theory]
    [InlineData("dicom_id\n0-0-ap\n1-1-lat\n", new[] { "AP", "FRONTAL" })]
    [InlineData(
        "mimic_id,view\np10000000_s50000000_0-0-ap,frontal\np10000001_s50000011_1-1-lat,frontal\np10000001_s50000010_1-0-ap,lateral\n",
        new[] { "AP", "FRONTAL" })]
    public void List_of_frontal_images_decides(string list, string[] views)
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        var frontal = MiniatureArchives.WriteText(folder.File("frontal.csv"), list);

        var listing = new MimicCxrJpgSource(folder.File("jpg"), new MimicOptions(Frontal: frontal)).List(new StudyOptions());

        listing.Radiographs.Select(r => r.ImageId).ShouldBe(["0-0-ap", "1-1-lat"]);
        listing.Radiographs.Select(r => r.View).ShouldBe(views);
        listing.Tables.ShouldContain(frontal);
    }

    [Fact]
    public void Edema_grades_become_three_labels()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        MiniatureArchives.WriteText(
            folder.File("edema/consensus_image_edema_severity.csv"), "subject_id,study_id,dicom_id,edema_severity\n10000000,50000000,0-0-ap,2\n");
        MiniatureArchives.WriteText(
            folder.File("edema/expert_report_edema_severity.csv"), "subject_id,study_id,edema_severity\n10000001,50000010,3\n");
        MiniatureArchives.WriteText(
            folder.File("edema/regex_report_edema_severity.csv"), "subject_id,study_id,edema_severity\n10000000,50000000,1\n10000001,50000010,0\n");

        var listing = new MimicCxrJpgSource(folder.File("jpg"), new MimicOptions(Labels: "none", Edema: folder.File("edema")))
            .List(new StudyOptions());

        listing.LabelNames.ShouldBe(["consensus edema_severity", "expert edema_severity", "regex edema_severity"]);
        listing.Radiographs.Single(r => r.ImageId == "0-0-ap").Labels.ShouldBe([2, null, 1]);
        listing.Radiographs.Single(r => r.ImageId == "1-0-ap").Labels.ShouldBe([null, 3, 0]);
        Should.Throw<UserErrorException>(
            () => new MimicCxrJpgSource(folder.File("jpg"), new MimicOptions(Edema: folder.Path)).List(new StudyOptions())).Message
                .ShouldContain("mimic-cxr-pe-severity");
    }

    /// <summary>The record list of the miniature's images, as MIMIC-CXR has them.</summary>
    private void Records() => MiniatureArchives.WriteTable(folder.File("dicom"), "cxr-record-list.csv",
        "subject_id,study_id,dicom_id,path\n" + string.Concat(
            from p in Enumerable.Range(0, 6)
            from s in Enumerable.Range(0, 2)
            from view in new[] { "ap", "lat" }
            let at = $"p1000000{p}/s500000{p}{s}"
            select $"1000000{p},500000{p}{s},{p}-{s}-{view},files/p10/{at}/{p}-{s}-{view}.dcm\n"), gzip: true);
}
