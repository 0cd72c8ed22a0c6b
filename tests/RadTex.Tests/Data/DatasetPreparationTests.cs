using RadTex.Data;
using RadTex.Studies;
using RadTex.Tests.Imaging;
using RadTex.Tests.Imaging.Dicom;
using RadTex.Tests.Studies;
using RadTex.Text;

namespace RadTex.Tests.Data;

public sealed class DatasetPreparationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Mimic_layout_becomes_a_dataset_with_findings_only_that_verifies()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));

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
        MiniatureArchives.Nih(folder.File("nih"), 2);
        Prepare(Nih());

        using var dataset = PreparedDataset.Open(Out);
        var reader = new RadTex.Imaging.GreyImageReader(32);
        foreach (var row in dataset.Radiographs)
            dataset.Pixels(row.Index).SequenceEqual(reader.Read(Path.Combine(folder.File("nih"), row.ImagePath)).Pixels).ShouldBeTrue();
    }

    [Fact]
    public void Boxes_are_brought_to_the_prepared_size_and_hashed()
    {
        MiniatureArchives.Nih(folder.File("nih")); // 80 x 64 px
        MiniatureArchives.WriteText(folder.File("nih/BBox_List_2017.csv"), "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_001.png,Effusion,512,256,128,64,,,\n");

        var manifest = Prepare(Nih()).Manifest;

        manifest.Files.Keys.ShouldContain("boxes.csv");
        using var dataset = PreparedDataset.Open(Out); // 40 x 32 px
        dataset.ReadBoxes().ShouldBe([new PreparedBox("00000001_001.png", "Effusion", "", 20, 8, 5, 2)]);
        // An update takes pixels over, and with them the size of the picture in its file.
        MiniatureArchives.Edit(folder.File("nih/BBox_List_2017.csv"), "512,256,128,64", "512,256,128,128");
        Prepare(Nih(), Options() with { Update = true });
        using (var updated = PreparedDataset.Open(Out)) updated.ReadBoxes().ShouldBe([new PreparedBox("00000001_001.png", "Effusion", "", 20, 8, 5, 4)]);
        DatasetVerifier.Verify(Out, cancellation: Token);
        MiniatureArchives.Edit(Path.Combine(Out, "boxes.csv"), "20,8,5,4", "20,8,5,3");
        Should.Throw<UserErrorException>(() => DatasetVerifier.Verify(Out, cancellation: Token)).Message.ShouldContain("boxes.csv");
    }

    [Fact]
    public void Phantoms_are_marked_as_synthetic()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        MiniatureArchives.WriteText(folder.File("jpg/phantoms.json"), "{}");

        Prepare(Mimic()).Manifest.Synthetic.ShouldBeTrue();
    }

    [Fact]
    public void Every_bad_input_is_rejected_with_its_reason_and_place()
    {
        MiniatureArchives.Mimic(folder.File("jpg"), patients: 7);
        string Image(int p) => folder.File($"jpg/files/p10/p1000000{p}/s500000{p}0/{p}-0-ap.jpg");
        string Report(int p) => folder.File($"jpg/files/p10/p1000000{p}/s500000{p}0.txt");
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
    public void Radiographs_without_text_are_kept_when_text_is_not_required()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        File.Delete(folder.File("jpg/files/p10/p10000000/s50000000.txt"));

        var manifest = Prepare(Mimic(), Options() with { RequireText = false }).Manifest;

        manifest.Text.ShouldBe(new TextCounts("findings", false, 11, 1, 0, new ReportCounts(12, 11, 0, 0, 1)));
        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBeNull();
    }

    [Fact]
    public void Other_section_is_taken_when_asked_for()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        Prepare(Mimic(), Options() with { Text = SectionPolicy.Impression });

        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBe("Unchanged.");
    }

    [Fact]
    public void Table_text_is_taken_whole_and_a_path_that_leads_out_is_rejected()
    {
        Pictures.WriteRadiograph(folder.File("set/images/a.png"), 1);
        Pictures.WriteRadiograph(folder.File("outside.png"), 2);
        var table = MiniatureArchives.WriteText(folder.File("set/t.csv"),
            "image,patient_id,view,text\na.png,1,PA,\"Line one.\n FINDINGS: \n two.\"\n../../outside.png,2,PA,x\n" + folder.File("outside.png") + ",3,PA,x\n");

        var manifest = Prepare(new TableSource(table, new TableColumns()), Options() with { MostFaults = 1 }).Manifest;

        manifest.Rejects.ShouldBe(new Dictionary<string, int> { [RejectReason.PathOutsideRoot] = 2 });
        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBe("Line one. FINDINGS: two.");
    }

    [Fact]
    public void Result_does_not_depend_on_the_number_of_workers()
    {
        MiniatureArchives.Mimic(folder.File("jpg"), patients: 30);
        var hashes = new[] { 1, 2, 7 }.Select(workers =>
            Prepare(Mimic(), Options(folder.File($"out{workers}")) with { Workers = workers }).Manifest.Hash).ToArray();

        hashes.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void Interrupted_preparation_goes_on_and_ends_in_the_same_hash(int after)
    {
        MiniatureArchives.Mimic(folder.File("jpg"), patients: 24);
        File.Delete(folder.File("jpg/files/p10/p10000003/s50000030.txt")); // a reject must survive too
        var whole = Prepare(Mimic(), Options(folder.File("whole"))).Manifest;

        int interruptions = 0;
        PreparationResult? result = null;
        while (result is null)
        {
            try { result = PrepareUntil(after); }
            catch (OperationCanceledException)
            {
                interruptions++;
                Directory.Exists(Out).ShouldBeFalse();
                Should.Throw<UserErrorException>(() => PreparedDataset.Open(Out)).Message.ShouldContain("goes on where it stopped");
            }
        }

        interruptions.ShouldBeGreaterThan(0);
        result.Resumed.ShouldBeGreaterThan(0);
        result.Manifest.Hash.ShouldBe(whole.Hash);
        DatasetVerifier.Verify(Out, cancellation: Token);
    }

    [Theory]
    [InlineData("journal cut off in a line")]
    [InlineData("journal line damaged")]
    [InlineData("pixels shorter than the journal says")]
    [InlineData("pixels longer than the journal says")]
    [InlineData("journal empty")]
    public void Work_folder_left_by_a_power_cut_ends_in_the_same_hash(string damage)
    {
        MiniatureArchives.Mimic(folder.File("jpg"), patients: 24);
        var whole = Prepare(Mimic(), Options(folder.File("whole"))).Manifest;
        Should.Throw<OperationCanceledException>(() => PrepareUntil(20));
        string journal = Path.Combine(Out + ".partial", "journal.jsonl"), pixels = Path.Combine(Out + ".partial", "pixels.npy");
        new FileInfo(journal).Length.ShouldBeGreaterThan(1000);
        switch (damage)
        {
            case "journal cut off in a line": SetLength(journal, new FileInfo(journal).Length - 7); break;
            case "journal line damaged":
                var bytes = File.ReadAllBytes(journal);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(journal, bytes);
                break;
            case "pixels shorter than the journal says": SetLength(pixels, new FileInfo(pixels).Length / 2); break;
            case "pixels longer than the journal says": SetLength(pixels, new FileInfo(pixels).Length + 5000); break;
            default: SetLength(journal, 0); break;
        }

        Prepare(Mimic()).Manifest.Hash.ShouldBe(whole.Hash);
        DatasetVerifier.Verify(Out, cancellation: Token);
    }

    [Fact]
    public void Complete_folder_that_lacks_only_its_final_name_is_published()
    {
        MiniatureArchives.Mimic(folder.File("jpg"));
        var hash = Prepare(Mimic()).Manifest.Hash;
        Directory.Move(Out, Out + ".partial"); // killed just before the rename
        Directory.Delete(folder.File("jpg/files/p10"), recursive: true); // proof that no picture is opened again
        Directory.CreateDirectory(folder.File("jpg/files/p10/p10000000"));
        MiniatureArchives.WriteText(folder.File("jpg/files/p10/p10000000/s50000000.txt"), "present");

        Prepare(Mimic()).Manifest.Hash.ShouldBe(hash);
        DatasetVerifier.Verify(Out, cancellation: Token);
    }

    [Fact]
    public void Same_command_again_finds_the_dataset_there()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        Prepare(Nih());

        Prepare(Nih()).WasThere.ShouldBeTrue();
    }

    [Fact]
    public void Other_options_are_refused_and_force_replaces()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        var first = Prepare(Nih()).Manifest;

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { ShortSide = 40 })).Message.ShouldContain("--force");
        DatasetVerifier.Verify(Out, cancellation: Token).Hash.ShouldBe(first.Hash);
        Prepare(Nih(), Options() with { ShortSide = 40, Force = true }).Manifest.ShortSide.ShouldBe(40);
        DatasetVerifier.Verify(Out, cancellation: Token).ShortSide.ShouldBe(40);
        Directory.GetDirectories(folder.Path).Select(Path.GetFileName).ShouldBe(["nih", "out"], ignoreOrder: true);
    }

    [Fact]
    public void Unfinished_preparation_of_other_options_is_refused_and_force_discards_it()
    {
        MiniatureArchives.Mimic(folder.File("jpg"), patients: 24);
        Should.Throw<OperationCanceledException>(() => PrepareUntil(20));

        Should.Throw<UserErrorException>(() => Prepare(Mimic(), Options() with { ShortSide = 40 })).Message.ShouldContain("unfinished preparation");
        var forced = Prepare(Mimic(), Options() with { ShortSide = 40, Force = true });
        forced.Resumed.ShouldBe(0);
        forced.Manifest.ShortSide.ShouldBe(40);
    }

    [Fact]
    public void Folder_that_is_no_dataset_is_never_replaced()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        MiniatureArchives.WriteText(Path.Combine(Out, "thesis.txt"), "years of work");

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { Force = true })).Message.ShouldContain("left alone");
        File.Exists(Path.Combine(Out, "thesis.txt")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("out.partial")]
    [InlineData("out.replaced")]
    public void Folder_of_the_users_with_a_name_of_ours_is_left_alone(string name)
    {
        MiniatureArchives.Nih(folder.File("nih"));
        if (name == "out.replaced") Prepare(Nih());
        var thesis = MiniatureArchives.WriteText(folder.File($"{name}/thesis.txt"), "years of work");

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { ShortSide = 40, Force = true })).Message.ShouldContain(name);
        File.Exists(thesis).ShouldBeTrue();
    }

    [Fact]
    public void Table_of_reports_gives_the_section_that_is_asked_for()
    {
        Pictures.WriteRadiograph(folder.File("set/a.png"), 1);
        Pictures.WriteRadiograph(folder.File("set/b.png"), 2);
        var table = MiniatureArchives.WriteText(folder.File("set/t.csv"),
            $"image,patient_id,view,report\na.png,1,PA,\"{MiniatureArchives.Report("Clear.")}\"\nb.png,2,PA,No header.\n");

        var manifest = Prepare(new TableSource(table, new TableColumns()), Options() with { Text = SectionPolicy.Findings }).Manifest;

        manifest.Text.ShouldBe(new TextCounts("findings", false, 1, 1, 0, new ReportCounts(2, 1, 0, 1, 0)));
        using var dataset = PreparedDataset.Open(Out);
        dataset[0].Text.ShouldBe("Clear. The second line.");
    }

    [Fact]
    public void Changed_source_is_another_preparation()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        Prepare(Nih());
        MiniatureArchives.Edit(folder.File("nih/Data_Entry_2017_v2020.csv"), "00000003_000.png,No Finding", "00000003_000.png,Mass");

        Should.Throw<UserErrorException>(() => Prepare(Nih())).Message.ShouldContain("another source");
    }

    [Fact]
    public void Nothing_usable_stops_with_the_commonest_reason_and_leaves_nothing()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        Directory.Delete(folder.File("nih/images"), recursive: true);

        Should.Throw<UserErrorException>(() => Prepare(Nih())).Message.ShouldContain("missing-image (12)");
        Directory.GetDirectories(folder.Path).Select(Path.GetFileName).ShouldBe(["nih"]);
    }

    [Fact]
    public void Too_many_faults_fail_the_run_listing_them_and_a_mended_archive_goes_on()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        string Image(int p) => folder.File($"nih/images/0000000{p}_000.png");
        var (two, three) = (File.ReadAllBytes(Image(2)), File.ReadAllBytes(Image(3)));
        File.WriteAllBytes(Image(2), two[..40]);
        File.Delete(Image(3));

        var e = Should.Throw<UserErrorException>(() => Prepare(Nih()));

        e.Message.ShouldStartWith("2 of 12 inputs are faulty (unreadable-image 1, missing-image 1), after 12 were opened; at most 5% may be.");
        File.ReadAllText(Path.Combine(Out + ".partial", "rejects.csv")).ShouldContain("00000002_000.png,unreadable-image");
        Directory.Exists(Out).ShouldBeFalse();
        Prepare(Nih(), Options() with { MostFaults = 0.2 }).Manifest.Count.ShouldBe(10); // goes on with what is there
        Prepare(Nih(), Options(folder.File("other")) with { MostFaults = 0.2 }).Manifest.Hash.ShouldBe(DatasetManifest.Read(Path.Combine(Out, "manifest.json")).Hash);

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options(folder.File("mended")))).Message.ShouldContain("2 of 12");
        File.WriteAllBytes(Image(2), two);
        File.WriteAllBytes(Image(3), three);
        var mended = Prepare(Nih(), Options(folder.File("mended")));
        mended.Manifest.Count.ShouldBe(12);
        mended.Resumed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Dicom_tells_its_view_and_modality_where_the_table_does_not()
    {
        string Dicom(string name, string view, string modality = "DX") =>
            DicomDocument.Radiograph(40, 36, (x, y) => x * y).Text(0x0018_5101, "CS", view).Text(0x0008_0060, "CS", modality).Write(folder.File(name));
        foreach (var (name, view) in new[] { ("a.dcm", "PA"), ("b.dcm", "LL"), ("c.dcm", "") }) Dicom(name, view);
        Dicom("d.dicom", "AP", "CT");
        Pictures.WriteRadiograph(folder.File("e.png"), 2);
        var table = MiniatureArchives.WriteText(folder.File("t.csv"), "image,patient_id\na.dcm,1\nb.dcm,2\nc.dcm,3\nd.dicom,4\ne.png,5\n");

        var manifest = Prepare(new TableSource(table, new TableColumns())).Manifest;

        manifest.Rejects.ShouldBe(new Dictionary<string, int> { [RejectReason.NotFrontal] = 1, [RejectReason.NotRadiography] = 1, [RejectReason.UnknownView] = 2 });
        using (var dataset = PreparedDataset.Open(Out)) dataset.Radiographs.ShouldHaveSingleItem().View.ShouldBe("PA");
        var all = Prepare(new TableSource(table, new TableColumns()), Options(folder.File("all")) with { Studies = new StudyOptions(ViewFilter.All), AnyModality = true }).Manifest;
        all.Count.ShouldBe(5);
    }

    [Fact]
    public void Intensity_is_recorded_and_archives_that_are_equalised_stay_so()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        MiniatureArchives.Mimic(folder.File("jpg"));

        var display = Prepare(Nih()).Manifest;
        var equalised = Prepare(Nih(), Options(folder.File("e")) with { Intensity = RadTex.Imaging.ImageIntensity.Equalised }).Manifest;
        var mimic = Prepare(Mimic(), Options(folder.File("m"))).Manifest;

        (display.Intensity, equalised.Intensity, mimic.Intensity).ShouldBe(("display", "equalised", "equalised"));
        display.Hash.ShouldNotBe(equalised.Hash);
        Should.Throw<UserErrorException>(() => Prepare(Mimic(), Options(folder.File("l")) with { Intensity = RadTex.Imaging.ImageIntensity.Liao }))
            .Message.ShouldContain("histogram-equalised");
        using var dataset = PreparedDataset.Open(Out);
        dataset.RequireIntensity(null, "random");
        dataset.RequireIntensity("display", "x");
        Should.Throw<UserErrorException>(() => dataset.RequireIntensity("liao", "run/encoder")).Message
            .ShouldContain("run/encoder learnt from radiographs of intensity liao; ");
    }

    [Fact]
    public void Update_decodes_only_what_is_new_or_changed_and_gives_what_a_fresh_run_gives()
    {
        string Row(int i) => $"{i}.png,p{i},PA\n";
        void Table(int count) => MiniatureArchives.WriteText(folder.File("t.csv"), "image,patient_id,view\n" + string.Concat(Enumerable.Range(0, count).Select(Row)));
        for (int i = 0; i < 9; i++) Pictures.WriteRadiograph(folder.File($"{i}.png"), i, 40 + i, 36);
        TableSource Source() => new(folder.File("t.csv"), new TableColumns());
        Table(6);
        Prepare(Source());
        Table(9);
        Pictures.WriteRadiograph(folder.File("1.png"), 77, 50, 36); // changed
        var kept = File.GetLastWriteTimeUtc(folder.File("2.png"));
        File.WriteAllText(folder.File("2.png"), "no picture"); // same stamp as before: must not be opened
        var good = new byte[new FileInfo(Pictures.WriteRadiograph(folder.File("copy/2.png"), 2, 42, 36)).Length];
        File.WriteAllBytes(folder.File("2.png"), good);
        File.SetLastWriteTimeUtc(folder.File("2.png"), kept);

        Should.Throw<UserErrorException>(() => Prepare(Source())).Message.ShouldContain("--update");
        var updated = Prepare(Source(), Options() with { Update = true }).Manifest;

        updated.Count.ShouldBe(9);
        File.Copy(folder.File("copy/2.png"), folder.File("2.png"), overwrite: true);
        Prepare(Source(), Options(folder.File("fresh"))).Manifest.Hash.ShouldBe(updated.Hash);
        Prepare(Source(), Options() with { Update = true }).WasThere.ShouldBeTrue();
        Should.Throw<UserErrorException>(() => Prepare(Source(), Options() with { Update = true, ShortSide = 24 })).Message.ShouldContain("cannot be updated");
    }

    [Fact]
    public void Archive_without_any_report_stops_before_the_work()
    {
        MiniatureArchives.Mimic(folder.File("jpg"), reports: false);

        Should.Throw<UserErrorException>(() => Prepare(Mimic())).Message.ShouldContain("--reports");
    }

    [Fact]
    public void Two_preparations_of_one_name_do_not_meet()
    {
        MiniatureArchives.Nih(folder.File("nih"));
        Directory.CreateDirectory(Out + ".partial");
        using var other = new FileStream(Path.Combine(Out + ".partial", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Should.Throw<UserErrorException>(() => Prepare(Nih())).Message.ShouldContain("Another program");
    }

    private string Out => folder.File("out");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MimicCxrJpgSource Mimic() => new(folder.File("jpg"));

    private NihChestXray14Source Nih() => new(folder.File("nih"));

    private PreparationOptions Options(string? output = null) => new(output ?? Out, new StudyOptions(), ShortSide: 32);

    private PreparationResult Prepare(
        StudySource source, PreparationOptions? options = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default) =>
        DatasetPreparation.Run(source, options ?? Options(), null, progress, cancellation);

    private static void SetLength(string path, long length)
    {
        using var stream = File.OpenWrite(path);
        stream.SetLength(length);
    }

    /// <summary>Prepares in one worker and cancels once so many more radiographs than at the start are done.</summary>
    private PreparationResult PrepareUntil(int count)
    {
        using var source = new CancellationTokenSource();
        return Prepare(Mimic(), Options() with { Workers = 1 }, new Interruption(count, source), source.Token);
    }

    private sealed class Interruption(int count, CancellationTokenSource source) : IProgress<ProgressReport>
    {
        private long start = -1;

        public void Report(ProgressReport value)
        {
            if (value.Stage != "preparing") return;
            if (start < 0) start = value.Done;
            if (value.Done - start >= count && value.Done < value.Total) source.Cancel();
        }
    }
}
