using System.IO.Compression;
using System.Security.Cryptography;
using NetVips;
using RadTex.Imaging;

namespace RadTex.Phantoms.Tests;

public sealed class PhantomArchiveTests
{
    private static readonly PhantomOptions Small = new(Count: 30, Seed: 5, ShortSidePixels: 64);

    [Fact]
    public void Equal_options_give_equal_bytes_whatever_the_threads()
    {
        using var one = new TemporaryFolder();
        using var three = new TemporaryFolder();
        Write(Small, one.File("a"), threads: 1);
        Write(Small, three.File("a"), threads: 3);
        Hashes(three.File("a")).ShouldBe(Hashes(one.File("a")));
    }

    [Fact]
    public void A_phantom_is_the_same_in_a_larger_set()
    {
        using var folder = new TemporaryFolder();
        Write(Small with { Count = 10 }, folder.File("few"));
        Write(Small, folder.File("many"));
        var few = Hashes(Path.Combine(folder.File("few"), "files"));
        var many = Hashes(Path.Combine(folder.File("many"), "files"));
        few.Count(f => f.Key.EndsWith(".jpg", StringComparison.Ordinal)).ShouldBe(10);
        foreach (var (name, hash) in few) many[name].ShouldBe(hash);
        Rows(folder.File("many"), "phantom-truth.csv.gz").Take(11).Skip(1).ShouldBe(Rows(folder.File("few"), "phantom-truth.csv.gz").Skip(1));
    }

    [Fact]
    public void A_set_is_gone_on_with_to_a_larger_count_and_then_is_the_larger_set()
    {
        using var folder = new TemporaryFolder();
        Write(Small with { Count = 10 }, folder.File("grown"));
        Write(Small, folder.File("whole"));

        Write(Small, folder.File("grown")).Radiographs.ShouldBe(30);

        Hashes(folder.File("grown")).ShouldBe(Hashes(folder.File("whole")));
        Should.Throw<UserErrorException>(() => Write(Small with { Count = 10 }, folder.File("grown"))).Message
            .ShouldContain("count is 30 there, 10 now");
        Should.Throw<UserErrorException>(() => Write(Small with { Count = 90, Difficulty = 2.5 }, folder.File("grown"))).Message
            .ShouldContain("other phantoms: difficulty is 1 there, 2.5 now.");
    }

    [Fact]
    public void Another_seed_gives_other_pictures_and_patients()
    {
        using var folder = new TemporaryFolder();
        Write(Small with { Count = 5 }, folder.File("a"));
        Write(Small with { Count = 5, Seed = 6 }, folder.File("b"));
        Hashes(Path.Combine(folder.File("a"), "files")).Values.Intersect(Hashes(Path.Combine(folder.File("b"), "files")).Values).ShouldBeEmpty();
    }

    [Fact]
    public void Every_row_of_the_tables_has_its_picture_and_report()
    {
        using var folder = new TemporaryFolder();
        var root = folder.File("set");
        var manifest = Write(Small, root);

        var metadata = Rows(root, "mimic-cxr-2.0.0-metadata.csv.gz");
        metadata[0].ShouldBe("dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,StudyDate,StudyTime," +
            "ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning");
        metadata.Count.ShouldBe(31);
        foreach (var cells in metadata.Skip(1).Select(r => r.Split(',')))
        {
            var study = Path.Combine(root, "files", $"p{cells[1][..2]}", $"p{cells[1]}", $"s{cells[2]}");
            File.Exists(study + ".txt").ShouldBeTrue();
            using var image = Image.NewFromFile(Path.Combine(study, cells[0] + ".jpg"));
            (image.Bands, image.Height, image.Width).ShouldBe((1, int.Parse(cells[5]), int.Parse(cells[6])));
            cells[3].ShouldContain("SYNTHETIC");
            cells[4].ShouldBeOneOf("AP", "PA");
        }
        Rows(root, "mimic-cxr-2.0.0-split.csv.gz")[0].ShouldBe("dicom_id,study_id,subject_id,split");
        var labels = Rows(root, "mimic-cxr-2.0.0-chexpert.csv.gz");
        labels[0].ShouldBe(
            "subject_id,study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,Lung Opacity," +
            "No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices");
        labels.Count.ShouldBe(manifest.Studies + 1);
        labels.Skip(1).SelectMany(r => r.Split(',').Skip(2)).Distinct().ShouldBeSubsetOf(["", "1.0", "0.0", "-1.0"]);
        Rows(root, "mimic-cxr-2.0.0-negbio.csv.gz").ShouldBe(labels);
        var truth = Rows(root, "phantom-truth.csv.gz");
        truth[0].ShouldStartWith(
            "dicom_id,study_id,subject_id,Atelectasis,Cardiomegaly,Consolidation,Edema,Lung Opacity,Pleural "
                + "Effusion,Pneumonia,Pneumothorax,Support Devices,edema_severity,difficulty");
        truth.Skip(1).Select(r => r.Split(',')).ShouldAllBe(c => (c[6] == "1") == (c[12] != "0"));
        File.ReadAllText(Path.Combine(root, "README-SYNTHETIC.txt")).ShouldStartWith("SYNTHETIC");
        PhantomManifest.Read(root)!.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Edema_files_and_patients_are_laid_out_as_mimics()
    {
        using var folder = new TemporaryFolder();
        var root = folder.File("set");
        Write(Small with { Count = 200 }, root);
        string[] Lines(string name) => File.ReadAllLines(Path.Combine(root, "edema", name));
        var consensus = Lines("consensus_image_edema_severity.csv");
        var regex = Lines("regex_report_edema_severity.csv");
        consensus[0].ShouldBe("subject_id,study_id,dicom_id,edema_severity");
        regex[0].ShouldBe("subject_id,study_id,edema_severity");
        var studies = regex.Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[1], c => c[2]);
        studies.Values.Distinct().Order().ShouldBe(["0", "1", "2", "3"]);
        consensus.Length.ShouldBeInRange(5, 100);
        consensus.Skip(1).ShouldAllBe(l => studies.ContainsKey(l.Split(',', StringSplitOptions.None)[1]));
        var patients = Rows(root, "patients.csv.gz");
        patients[0].ShouldBe("subject_id,gender,anchor_age");
        patients.Count.ShouldBe(PhantomManifest.Read(root)!.Patients + 1);
    }

    [Fact]
    public void No_patient_is_in_two_splits_and_all_three_are_there()
    {
        using var folder = new TemporaryFolder();
        Write(Small with { Count = 60 }, folder.File("set"));
        var rows = Rows(folder.File("set"), "mimic-cxr-2.0.0-split.csv.gz").Skip(1).Select(r => r.Split(',')).ToList();
        rows.GroupBy(r => r[2]).ShouldAllBe(patient => patient.Select(r => r[3]).Distinct().Count() == 1);
        rows.Select(r => r[3]).Distinct().Order().ShouldBe(["test", "train", "validate"]);
    }

    [Fact]
    public void A_set_that_was_cut_off_is_completed_by_the_same_call()
    {
        using var folder = new TemporaryFolder();
        Write(Small, folder.File("whole"));
        var broken = folder.File("broken");
        // As a kill leaves it: no tables, the manifest unfinished, a picture cut short, others as they are.
        Write(Small, broken);
        PhantomManifest.Begin(Small).Write(broken);
        foreach (var table in Directory.GetFiles(broken, "*.gz")) File.Delete(table);
        Directory.Delete(Path.Combine(broken, "edema"), recursive: true);
        var victim = Directory.GetFiles(broken, "*.jpg", SearchOption.AllDirectories).Order().Last();
        File.WriteAllBytes(victim, File.ReadAllBytes(victim)[..100]);
        Write(Small, broken);
        Hashes(broken).ShouldBe(Hashes(folder.File("whole")));
    }

    [Fact]
    public void A_folder_of_something_else_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("thesis.txt"), "mine");
        Should.Throw<UserErrorException>(() => Write(Small, folder.Path, replace: true)).Message.ShouldContain("no phantoms");
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void Phantoms_of_other_options_are_replaced_only_when_asked()
    {
        using var folder = new TemporaryFolder();
        var root = folder.File("set");
        Write(Small with { Count = 4 }, root);
        Should.Throw<UserErrorException>(() => Write(Small with { Count = 4, Seed = 9 }, root)).Message.ShouldContain("'force'");
        Write(Small with { Count = 4, Seed = 9 }, root, replace: true);
        Directory.GetFiles(root, "*.jpg", SearchOption.AllDirectories).Length.ShouldBe(4);
    }

    [Theory]
    [InlineData(0, 256, 1)]
    [InlineData(10, 32, 1)]
    [InlineData(10, 256, 0)]
    [InlineData(10, 256, double.NaN)]
    public void An_option_out_of_range_is_the_users_mistake(int count, int size, double difficulty) =>
        Should.Throw<UserErrorException>(() => new PhantomOptions(count, 0, size, difficulty).Validate());

    [Fact]
    public void The_contact_sheet_is_a_picture_of_the_first_phantoms()
    {
        using var folder = new TemporaryFolder();
        ContactSheet.Write(Small with { Count = 7 }, folder.File("sheet.png"), columns: 3, rows: 2, showBoxes: true);
        using var image = Image.NewFromFile(folder.File("sheet.png"));
        image.Width.ShouldBe(3 * 70 + 6);
        image.Deviate().ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Names_at_boxes_are_whole_inside_the_picture_and_not_on_each_other()
    {
        PhantomBox Box(PhantomFinding finding, int x, int y) => new(finding, x, y, x + 20, y + 20, "site", 1);
        var labels = ContactSheet.BoxLabels(
            new(
                128, 128, new byte[128 * 128],
                [Box(PhantomFinding.Pneumonia, 100, 30), Box(PhantomFinding.Pneumothorax, 90, 32), Box(PhantomFinding.Edema, 5, 120)]));
        labels.Select(l => l.Text).ShouldBe(["Pneumonia", "Pneumothorax", "Edema"]);
        labels.ShouldAllBe(l => l.X >= 0 && l.X + l.Text.Length * TinyFont.Advance <= 128 && l.Y >= 0 && l.Y + TinyFont.LineHeight <= 128);
        Math.Abs(labels[0].Y - labels[1].Y).ShouldBeGreaterThanOrEqualTo(TinyFont.LineHeight);
        ContactSheet.Wrapped("Pleural Effusion, Pneumothorax, Support Devices", 64)
            .ShouldBe(["Pleural", "Effusion,", "Pneumothor", "ax,", "Support", "Devices"]);
    }

    private static PhantomManifest Write(PhantomOptions options, string root, bool replace = false, int threads = 2) =>
        PhantomArchive.Write(options, root, replace, threads, progress: null, TestContext.Current.CancellationToken);

    private static Dictionary<string, string> Hashes(string root) =>
        Directory.GetFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .ToDictionary(f => Path.GetRelativePath(root, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    private static List<string> Rows(string root, string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(root, name)), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n')];
    }
}
