using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using RadTex.Data;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

public sealed class OpenISourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("tgz")]
    [InlineData("folder")]
    [InlineData("ecgen-radiology")]
    [InlineData("kaggle")]
    public void Each_form_of_the_archive_gives_the_same_reports(string form)
    {
        Write(form);

        var listing = List();

        listing.ReportTexts!.Count.ShouldBe(4);
        listing.Radiographs.Select(r => (r.PatientId, r.View))
            .ShouldBe(form == "kaggle" ? [("1", "FRONTAL"), ("2", "FRONTAL")] : [("1", "PA"), ("2", "AP")]);
        listing.Radiographs[0].ReportText.ShouldBe("\n COMPARISON: None.\n\n FINDINGS: Clear lungs. No effusion.\n\n IMPRESSION: Normal chest.\n");
        listing.Rejects.Count(r => r.Reason == RejectReason.NotFrontal).ShouldBe(1);
        listing.Radiographs.ShouldAllBe(r => File.Exists(listing.Images.Resolve(r.ImagePath)));
        listing.Notes[0].ShouldBe("reports without a picture: 2 of 4");
    }

    [Fact]
    public void Preparing_says_what_became_of_every_report_pictured_or_not()
    {
        Write("tgz");
        var logged = new LoggedLines();

        var manifest = DatasetPreparation
            .Run(new OpenISource(folder.File("open-i")), new PreparationOptions(folder.File("out"), new StudyOptions(), 32), logged).Manifest;

        manifest.Text.Reports.ShouldBe(new ReportCounts(4, 2, 1, 1, 0));
        logged.Lines.ShouldContain("reports   4: 2 with text, 1 empty, 1 without that section, 0 missing");
        manifest.Count.ShouldBe(1);
        manifest.Text.Dropped.ShouldBe(1);
    }

    [Fact]
    public void Views_are_unknown_without_the_header_table()
    {
        Write("tgz");
        File.Delete(folder.File("open-i/nlmcxr_dicom_metadata.csv"));

        List(new StudyOptions(ViewFilter.All)).Notes.ShouldContain(n => n.Contains("views: not known"));
        Should.Throw<UserErrorException>(() => List()).Message.ShouldContain("unknown-view");
    }

    [Fact]
    public void Damaged_reports_are_rejects_and_a_cut_archive_one_clear_line()
    {
        Write("ecgen-radiology");
        MiniatureArchives.WriteText(folder.File("open-i/ecgen-radiology/5.xml"), "<eCitation><uId");
        MiniatureArchives.WriteText(folder.File("open-i/ecgen-radiology/6.xml"), "<!DOCTYPE x [<!ENTITY a \"b\">]><eCitation>&a;</eCitation>");
        List().Rejects.Where(r => r.Reason == RejectReason.MalformedRow).Select(r => r.Table).ShouldBe(["5.xml", "6.xml"]);

        Write("tgz");
        Directory.Delete(folder.File("open-i/ecgen-radiology"), true);
        var archive = folder.File("open-i/NLMCXR_reports.tgz");
        File.WriteAllBytes(archive, File.ReadAllBytes(archive)[..^20]);
        Should.Throw<UserErrorException>(() => List()).Message.ShouldContain("NLMCXR_reports.tgz");
    }

    [Fact]
    public void Absent_archive_is_one_line_that_says_where_to_get_it()
    {
        Directory.CreateDirectory(folder.File("open-i"));

        Should.Throw<UserErrorException>(() => List()).Message.ShouldContain("openi.nlm.nih.gov");
    }

    [Fact]
    public void Real_reports_are_counted()
    {
        var root = SharedData.Require("open-i");

        var lines = DatasetPreview.Lines(
            new OpenISource(root), new PreparationOptions(folder.File("out"), new StudyOptions()), TestContext.Current.CancellationToken).ToArray();

        lines.ShouldContain("reports   3,955: 3,425 with text, 28 empty, 502 without that section, 0 missing");
        lines.ShouldContain("reports without a picture: 104 of 3,955");
        var listing = new OpenISource(root).List(new StudyOptions(ViewFilter.All), TestContext.Current.CancellationToken);
        listing.Radiographs.Count.ShouldBe(7470);
        int effusion = listing.LabelNames.ToList().IndexOf("Pleural Effusion");
        effusion.ShouldBeGreaterThanOrEqualTo(0);
    }

    private StudyListing List(StudyOptions? options = null) => new OpenISource(folder.File("open-i")).List(options ?? new StudyOptions());

    /// <summary>
    /// Four reports: two pictured (the first also from the side, the second without findings), an empty one and one more without a picture.
    /// </summary>
    private void Write(string form)
    {
        var root = folder.File("open-i");
        (string Id, string[] Sections, string[] Images)[] reports =
        [
            (
                "1", ["COMPARISON", "None.", "FINDINGS", "Clear lungs.\n   No effusion.", "IMPRESSION", "Normal chest."],
                ["1_IM-0001-3001", "1_IM-0001-4001"]),
            ("2", ["FINDINGS", "", "IMPRESSION", "Edema."], ["2_IM-0002-1001"]),
            ("3", [], []),
            ("10", ["FINDINGS", "No image."], []),
        ];
        foreach (var image in reports.SelectMany(r => r.Images))
            Pictures.WriteRadiograph(
                Path.Combine(root, form == "kaggle" ? $"images/images_normalized/{image}.dcm.png" : $"CXR{image}.png"),
                image.GetHashCode(StringComparison.Ordinal));
        if (form == "kaggle")
        {
            string Cell(string[] sections, string name) => Array.IndexOf(sections, name) is >= 0 and int at ? $"\"{sections[at + 1]}\"" : "";
            MiniatureArchives.WriteText(
                Path.Combine(root, "indiana_reports.csv"),
                "uid,MeSH,Problems,image,indication,comparison,findings,impression\n" + string.Concat(reports.Select(r =>
                $"{r.Id},normal,normal,x,,{Cell(r.Sections, "COMPARISON")},{Cell(r.Sections, "FINDINGS")},{Cell(r.Sections, "IMPRESSION")}\n")));
            MiniatureArchives.WriteText(Path.Combine(root, "indiana_projections.csv"), "uid,filename,projection\n"
                + string.Concat(
                    reports.SelectMany(
                        r =>
                            r.Images.Select(i => $"{r.Id},{i}.dcm.png,{(i.EndsWith("4001", StringComparison.Ordinal) ? "Lateral" : "Frontal")}\n"))));
            return;
        }
        MiniatureArchives.WriteText(
            Path.Combine(root, "nlmcxr_dicom_metadata.csv"),
            "imageid,Modality,View Position\nCXR1_IM-0001-3001,CR,PA\nCXR1_IM-0001-4001,CR,LL\nCXR2_IM-0002-1001,CR,AP\n");
        var files = reports.ToDictionary(r => $"{r.Id}.xml", r => Xml(r.Id, r.Sections, r.Images));
        if (form == "tgz")
        {
            using var gzip = new GZipStream(File.Create(Path.Combine(root, "NLMCXR_reports.tgz")), CompressionLevel.Fastest);
            using var tar = new TarWriter(gzip);
            foreach (var (name, text) in files)
                tar.WriteEntry(
                    new PaxTarEntry(
                        TarEntryType.RegularFile, $"ecgen-radiology/{name}")
                    { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            return;
        }
        foreach (var (name, text) in files) MiniatureArchives.WriteText(Path.Combine(root, form == "folder" ? "." : form, name), text);
    }

    private static string Xml(string id, string[] sections, string[] images) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<eCitation><uId id=\"CXR{id}\"/><MedlineCitation><Article><Abstract>"
        + string.Concat(sections.Chunk(2).Select(s => $"<AbstractText Label=\"{s[0]}\">{s[1]}</AbstractText>"))
        + "</Abstract></Article></MedlineCitation><MeSH><major>normal</major></MeSH>"
        + string.Concat(images.Select(i => $"<parentImage id=\"CXR{i}\"><caption>Xray</caption></parentImage>")) + "</eCitation>";
}
