using RadTex.Data;
using RadTex.Imaging;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;
using RadTex.Text;

namespace RadTex.Tests.Data;

/// <summary>What <c>radtex prepare</c> takes, leaves and writes.</summary>
public sealed class DatasetPreparationTests : PreparationTests
{
    [Fact]
    public void Mimic_layout_becomes_a_dataset_with_findings_only_that_verifies()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"));

        var result = Prepare(Mimic());

        result.WasThere.ShouldBeFalse();
        DatasetVerifier.Verify(Out, cancellation: Token).Hash.ShouldBe(result.Manifest.Hash);
        using var dataset = PreparedDataset.Open(Out);
        dataset.Count.ShouldBe(12);
        dataset[0].Text.ShouldBe("Number 0 0. The second line.");
        dataset[0].Split.ShouldBe(Split.Train);
        dataset[0].Labels.ShouldBe([1, -1, null]);
        (dataset[0].Height, dataset[0].Width).ShouldBe((32, 40)); // 80 x 64 at a short side of 32
        dataset.Manifest.Source.Kind.ShouldBe("mimic-cxr-jpg");
        dataset.Manifest.Source.Tables.Count.ShouldBe(3);
        dataset.Manifest.Rejects.ShouldBe(new Dictionary<string, int> { ["not-frontal"] = 12 });
        dataset.Manifest.Text.ShouldBe(new TextCounts("findings", true, 12, 0, 0, new ReportCounts(12, 12, 0, 0, 0)));
        dataset.Manifest.Synthetic.ShouldBeFalse();
        Directory.Exists(Out + ".partial").ShouldBeFalse();
        Directory.GetFiles(Out).Length.ShouldBe(5);
    }

    [Fact]
    public void Pixels_are_those_of_the_picture_file()
    {
        MiniatureArchives.Nih(Folder.File("nih"), 2);
        Prepare(Nih());

        using var dataset = PreparedDataset.Open(Out);
        var reader = new GreyImageReader(32);
        foreach (var row in dataset.Radiographs)
            dataset.Pixels(row.Index).SequenceEqual(reader.Read(Path.Combine(Folder.File("nih"), row.ImagePath)).Pixels).ShouldBeTrue();
    }

    [Fact]
    public void Boxes_are_brought_to_the_prepared_size_and_hashed()
    {
        MiniatureArchives.Nih(Folder.File("nih")); // 80 x 64 px
        MiniatureArchives.WriteText(
            Folder.File("nih/BBox_List_2017.csv"), "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_001.png,Effusion,512,256,128,64,,,\n");

        var manifest = Prepare(Nih()).Manifest;

        manifest.Files.Keys.ShouldContain("boxes.csv");
        using var dataset = PreparedDataset.Open(Out); // 40 x 32 px
        dataset.ReadBoxes().ShouldBe([new PreparedBox("00000001_001.png", "Effusion", "", 20, 8, 5, 2)]);
        // An update takes pixels over, and with them the size of the picture in its file.
        MiniatureArchives.Edit(Folder.File("nih/BBox_List_2017.csv"), "512,256,128,64", "512,256,128,128");
        Prepare(Nih(), Options() with { Update = true });
        using (var updated = PreparedDataset.Open(Out))
            updated.ReadBoxes().ShouldBe([new PreparedBox("00000001_001.png", "Effusion", "", 20, 8, 5, 4)]);
        DatasetVerifier.Verify(Out, cancellation: Token);
        MiniatureArchives.Edit(Path.Combine(Out, "boxes.csv"), "20,8,5,4", "20,8,5,3");
        Should.Throw<UserErrorException>(() => DatasetVerifier.Verify(Out, cancellation: Token)).Message.ShouldContain("boxes.csv");
    }

    [Fact]
    public void Phantoms_are_marked_as_synthetic()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"));
        MiniatureArchives.WriteText(Folder.File("jpg/phantoms.json"), "{}");

        Prepare(Mimic()).Manifest.Synthetic.ShouldBeTrue();
    }

    [Fact]
    public void Every_bad_input_is_rejected_with_its_reason_and_place()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"), patients: 7);
        string Image(int p) => Folder.File($"jpg/files/p10/p1000000{p}/s500000{p}0/{p}-0-ap.jpg");
        string Report(int p) => Folder.File($"jpg/files/p10/p1000000{p}/s500000{p}0.txt");
        File.Delete(Image(0));
        File.WriteAllBytes(Image(1), File.ReadAllBytes(Image(1))[..300]);
        File.WriteAllText(Image(2), "not a picture");
        File.Delete(Report(3));
        File.WriteAllText(Report(4), " \n \n");
        File.WriteAllText(Report(5), " FINAL REPORT\n IMPRESSION: \n Clear.\n");
        File.Delete(Image(6));
        File.CreateSymbolicLink(Image(6), "/etc/hostname");

        var manifest = Prepare(Mimic(), Options() with { MostFaults = 0.3 }).Manifest;

        manifest.Count.ShouldBe(7);
        var rejects = File.ReadAllLines(Path.Combine(Out, "rejects.csv")).Skip(1).Select(l => l.Split(',')).Where(c => c[3] != "not-frontal");
        rejects.Select(c => (c[2], c[3])).ShouldBe([
            ("0-0-ap", RejectReason.MissingImage), ("1-0-ap", RejectReason.UnreadableImage), ("2-0-ap", RejectReason.UnsupportedFormat),
            ("3-0-ap", RejectReason.MissingReport), ("4-0-ap", RejectReason.EmptyReport), ("5-0-ap", RejectReason.MissingSection),
            ("6-0-ap", RejectReason.PathOutsideRoot)]);
        manifest.Text.Dropped.ShouldBe(3);
        File.ReadAllText(Path.Combine(Out, "rejects.csv")).ShouldNotContain("Clear");
    }

    [Fact]
    public void A_report_that_is_no_text_is_rejected_with_its_fault_and_not_stored()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"));
        byte[] windows = [.. " FINAL REPORT\n FINDINGS: \n Lungen"u8, 0xF6, .. "dem.\n"u8];
        File.WriteAllBytes(Folder.File("jpg/files/p10/p10000000/s50000000.txt"), windows);

        foreach (bool isRequired in (bool[])[true, false])
        {
            var manifest = Prepare(Mimic(), Options() with { RequireText = isRequired, MostFaults = 0.5, Force = true }).Manifest;

            manifest.Count.ShouldBe(11);
            manifest.Rejects[RejectReason.ReportNotText].ShouldBe(1);
            File.ReadAllText(Path.Combine(Out, "rejects.csv")).ShouldContain("report-not-text");
        }
    }

    [Fact]
    public void Radiographs_without_text_are_kept_when_text_is_not_required()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"));
        File.Delete(Folder.File("jpg/files/p10/p10000000/s50000000.txt"));

        var manifest = Prepare(Mimic(), Options() with { RequireText = false }).Manifest;

        manifest.Text.ShouldBe(new TextCounts("findings", false, 11, 1, 0, new ReportCounts(12, 11, 0, 0, 1)));
        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBeNull();
    }

    [Fact]
    public void Other_section_is_taken_when_asked_for()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"));
        Prepare(Mimic(), Options() with { Text = SectionPolicy.Impression });

        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBe("Unchanged.");
    }

    [Fact]
    public void Table_text_is_taken_whole_and_a_path_that_leads_out_is_rejected()
    {
        Pictures.WriteRadiograph(Folder.File("set/images/a.png"), 1);
        Pictures.WriteRadiograph(Folder.File("outside.png"), 2);
        var table = MiniatureArchives.WriteText(Folder.File("set/t.csv"),
            "image,patient_id,view,text\na.png,1,PA,\"Line one.\n FINDINGS: \n two.\"\n../../outside.png,2,PA,x\n" + Folder.File("outside.png")
                + ",3,PA,x\n");

        var manifest = Prepare(new TableSource(table, new TableColumns()), Options() with { MostFaults = 1 }).Manifest;

        manifest.Rejects.ShouldBe(new Dictionary<string, int> { [RejectReason.PathOutsideRoot] = 2 });
        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBe("Line one. FINDINGS: two.");
    }

    [Fact]
    public void Result_does_not_depend_on_the_number_of_workers()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"), patients: 30);
        var hashes = new[] { 1, 2, 7 }.Select(workers =>
            Prepare(Mimic(), Options(Folder.File($"out{workers}")) with { Workers = workers }).Manifest.Hash).ToArray();

        hashes.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Table_of_reports_gives_the_section_that_is_asked_for()
    {
        Pictures.WriteRadiograph(Folder.File("set/a.png"), 1);
        Pictures.WriteRadiograph(Folder.File("set/b.png"), 2);
        var table = MiniatureArchives.WriteText(Folder.File("set/t.csv"),
            $"image,patient_id,view,report\na.png,1,PA,\"{MiniatureArchives.Report("Clear.")}\"\nb.png,2,PA,No header.\n");

        var manifest = Prepare(new TableSource(table, new TableColumns()), Options() with { Text = SectionPolicy.Findings }).Manifest;

        manifest.Text.ShouldBe(new TextCounts("findings", false, 1, 1, 0, new ReportCounts(2, 1, 0, 1, 0)));
        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBe("Clear. The second line.");
    }

    [Fact]
    public void Nothing_usable_stops_with_the_commonest_reason_and_leaves_nothing()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        Directory.Delete(Folder.File("nih/images"), recursive: true);

        Should.Throw<UserErrorException>(() => Prepare(Nih())).Message.ShouldContain("missing-image (12)");
        Directory.GetDirectories(Folder.Path).Select(Path.GetFileName).ShouldBe(["nih"]);
    }

    [Fact]
    public void Too_many_faults_fail_the_run_listing_them_and_a_mended_archive_goes_on()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        string Image(int p) => Folder.File($"nih/images/0000000{p}_000.png");
        var (two, three) = (File.ReadAllBytes(Image(2)), File.ReadAllBytes(Image(3)));
        File.WriteAllBytes(Image(2), two[..40]);
        File.Delete(Image(3));

        var e = Should.Throw<UserErrorException>(() => Prepare(Nih()));

        e.Message.ShouldStartWith("2 of 12 inputs are faulty (unreadable-image 1, missing-image 1), after 12 were opened; at most 5% may be.");
        File.ReadAllText(Path.Combine(Out + ".partial", "rejects.csv")).ShouldContain("00000002_000.png,unreadable-image");
        Directory.Exists(Out).ShouldBeFalse();
        Prepare(Nih(), Options() with { MostFaults = 0.2 }).Manifest.Count.ShouldBe(10); // goes on with what is there
        Prepare(Nih(), Options(Folder.File("other")) with { MostFaults = 0.2 }).Manifest.Hash
            .ShouldBe(DatasetManifest.Read(Path.Combine(Out, "manifest.json")).Hash);

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options(Folder.File("mended")))).Message.ShouldContain("2 of 12");
        File.WriteAllBytes(Image(2), two);
        File.WriteAllBytes(Image(3), three);
        var mended = Prepare(Nih(), Options(Folder.File("mended")));
        mended.Manifest.Count.ShouldBe(12);
        mended.Resumed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Dicom_tells_its_view_and_modality_where_the_table_does_not()
    {
        string Dicom(string name, string view, string modality = "DX") =>
            DicomDocument.Radiograph(40, 36, (x, y) => x * y).Text(0x0018_5101, "CS", view).Text(0x0008_0060, "CS", modality)
                .Write(Folder.File(name));
        foreach (var (name, view) in new[] { ("a.dcm", "PA"), ("b.dcm", "LL"), ("c.dcm", "") }) Dicom(name, view);
        Dicom("d.dicom", "AP", "CT");
        Pictures.WriteRadiograph(Folder.File("e.png"), 2);
        var table = MiniatureArchives.WriteText(Folder.File("t.csv"), "image,patient_id\na.dcm,1\nb.dcm,2\nc.dcm,3\nd.dicom,4\ne.png,5\n");

        var manifest = Prepare(new TableSource(table, new TableColumns())).Manifest;

        manifest.Rejects.ShouldBe(
            new Dictionary<string, int> { [RejectReason.NotFrontal] = 1, [RejectReason.NotRadiography] = 1, [RejectReason.UnknownView] = 2 });
        using (var dataset = PreparedDataset.Open(Out)) dataset.Radiographs.ShouldHaveSingleItem().View.ShouldBe("PA");
        var all = Prepare(
            new TableSource(table, new TableColumns()),
            Options(Folder.File("all")) with { Studies = new StudyOptions(ViewFilter.All), AnyModality = true }).Manifest;
        all.Count.ShouldBe(5);
    }

    [Fact]
    public void Intensity_is_recorded_and_archives_that_are_equalised_stay_so()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        MiniatureArchives.Mimic(Folder.File("jpg"));

        var display = Prepare(Nih()).Manifest;
        var equalised = Prepare(Nih(), Options(Folder.File("e")) with { Intensity = ImageIntensity.Equalised }).Manifest;
        var mimic = Prepare(Mimic(), Options(Folder.File("m"))).Manifest;

        (display.Intensity, equalised.Intensity, mimic.Intensity).ShouldBe(("display", "equalised", "equalised"));
        display.Hash.ShouldNotBe(equalised.Hash);
        Should.Throw<UserErrorException>(() => Prepare(Mimic(), Options(Folder.File("l")) with { Intensity = ImageIntensity.Liao }))
            .Message.ShouldContain("histogram-equalised");
        using var dataset = PreparedDataset.Open(Out);
        dataset.RequireIntensity(null, "random");
        dataset.RequireIntensity("display", "x");
        Should.Throw<UserErrorException>(() => dataset.RequireIntensity("liao", "run/encoder")).Message
            .ShouldContain("run/encoder learnt from radiographs of intensity liao; ");
    }

    [Fact]
    public void Archive_without_any_report_stops_before_the_work()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"), reports: false);

        Should.Throw<UserErrorException>(() => Prepare(Mimic())).Message.ShouldContain("'reports'");
    }
}
