using RadTex.Data;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Tests.Data;

/// <summary>Preparing again: after an interruption, with other options, with more radiographs, over what is there.</summary>
public sealed class PreparationResumptionTests : PreparationTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void Interrupted_preparation_goes_on_and_ends_in_the_same_hash(int after)
    {
        MiniatureArchives.Mimic(Folder.File("jpg"), patients: 24);
        File.Delete(Folder.File("jpg/files/p10/p10000003/s50000030.txt")); // a reject must survive too
        var whole = Prepare(Mimic(), Options(Folder.File("whole"))).Manifest;

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
        MiniatureArchives.Mimic(Folder.File("jpg"), patients: 24);
        var whole = Prepare(Mimic(), Options(Folder.File("whole"))).Manifest;
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
        MiniatureArchives.Mimic(Folder.File("jpg"));
        var hash = Prepare(Mimic()).Manifest.Hash;
        Directory.Move(Out, Out + ".partial"); // killed just before the rename
        Directory.Delete(Folder.File("jpg/files/p10"), recursive: true); // proof that no picture is opened again
        Directory.CreateDirectory(Folder.File("jpg/files/p10/p10000000"));
        MiniatureArchives.WriteText(Folder.File("jpg/files/p10/p10000000/s50000000.txt"), "present");

        Prepare(Mimic()).Manifest.Hash.ShouldBe(hash);
        DatasetVerifier.Verify(Out, cancellation: Token);
    }

    [Fact]
    public void Same_command_again_finds_the_dataset_there()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        Prepare(Nih());

        Prepare(Nih()).WasThere.ShouldBeTrue();
    }

    [Fact]
    public void Other_options_are_refused_and_force_replaces()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        var first = Prepare(Nih()).Manifest;

        var message = Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { ShortSide = 40 })).Message;
        message.ShouldContain("short side is '32' there, '40' now");
        message.ShouldContain("'force'");
        message.ShouldNotContain("'update'"); // which would refuse it
        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { Studies = new StudyOptions(Seed: 7) })).Message
            .ShouldContain("seed is '0' there, '7' now. Bring it up to date with the setting 'update'");
        DatasetVerifier.Verify(Out, cancellation: Token).Hash.ShouldBe(first.Hash);
        Prepare(Nih(), Options() with { ShortSide = 40, Force = true }).Manifest.ShortSide.ShouldBe(40);
        DatasetVerifier.Verify(Out, cancellation: Token).ShortSide.ShouldBe(40);
        Directory.GetDirectories(Folder.Path).Select(Path.GetFileName).ShouldBe(["nih", "out"], ignoreOrder: true);
    }

    [Fact]
    public void Unfinished_preparation_of_other_options_is_refused_and_force_discards_it()
    {
        MiniatureArchives.Mimic(Folder.File("jpg"), patients: 24);
        Should.Throw<OperationCanceledException>(() => PrepareUntil(20));

        Should.Throw<UserErrorException>(() => Prepare(Mimic(), Options() with { ShortSide = 40 })).Message
            .ShouldContain("unfinished preparation of other settings: short side is '32' there, '40' now");
        var forced = Prepare(Mimic(), Options() with { ShortSide = 40, Force = true });
        forced.Resumed.ShouldBe(0);
        forced.Manifest.ShortSide.ShouldBe(40);
    }

    [Fact]
    public void Folder_that_is_no_dataset_is_never_replaced()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        MiniatureArchives.WriteText(Path.Combine(Out, "thesis.txt"), "years of work");

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { Force = true })).Message.ShouldContain("not RadTex's");
        File.Exists(Path.Combine(Out, "thesis.txt")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("out.partial")]
    [InlineData("out.replaced")]
    public void Folder_of_the_users_with_a_name_of_ours_is_left_alone(string name)
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        if (name == "out.replaced") Prepare(Nih());
        var thesis = MiniatureArchives.WriteText(Folder.File($"{name}/thesis.txt"), "years of work");

        Should.Throw<UserErrorException>(() => Prepare(Nih(), Options() with { ShortSide = 40, Force = true })).Message.ShouldContain(name);
        File.Exists(thesis).ShouldBeTrue();
    }

    [Fact]
    public void Changed_source_is_another_preparation()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        Prepare(Nih());
        MiniatureArchives.Edit(Folder.File("nih/Data_Entry_2017_v2020.csv"), "00000003_000.png,No Finding", "00000003_000.png,Mass");

        Should.Throw<UserErrorException>(() => Prepare(Nih())).Message.ShouldContain("table Data_Entry_2017_v2020.csv is 'SHA-256 ");
    }

    [Fact]
    public void Update_decodes_only_what_is_new_or_changed_and_gives_what_a_fresh_run_gives()
    {
        string Row(int i) => $"{i}.png,p{i},PA\n";
        void Table(int count) =>
            MiniatureArchives.WriteText(Folder.File("t.csv"), "image,patient_id,view\n" + string.Concat(Enumerable.Range(0, count).Select(Row)));
        for (int i = 0; i < 9; i++) Pictures.WriteRadiograph(Folder.File($"{i}.png"), i, 40 + i, 36);
        TableSource Source() => new(Folder.File("t.csv"), new TableColumns());
        Table(6);
        Prepare(Source());
        Table(9);
        Pictures.WriteRadiograph(Folder.File("1.png"), 77, 50, 36); // changed
        var kept = File.GetLastWriteTimeUtc(Folder.File("2.png"));
        File.WriteAllText(Folder.File("2.png"), "no picture"); // same stamp as before: must not be opened
        var good = new byte[new FileInfo(Pictures.WriteRadiograph(Folder.File("copy/2.png"), 2, 42, 36)).Length];
        File.WriteAllBytes(Folder.File("2.png"), good);
        File.SetLastWriteTimeUtc(Folder.File("2.png"), kept);

        Should.Throw<UserErrorException>(() => Prepare(Source())).Message.ShouldContain("'update'");
        var updated = Prepare(Source(), Options() with { Update = true }).Manifest;

        updated.Count.ShouldBe(9);
        File.Copy(Folder.File("copy/2.png"), Folder.File("2.png"), overwrite: true);
        Prepare(Source(), Options(Folder.File("fresh"))).Manifest.Hash.ShouldBe(updated.Hash);
        Prepare(Source(), Options() with { Update = true }).WasThere.ShouldBeTrue();
        Should.Throw<UserErrorException>(() => Prepare(Source(), Options() with { Update = true, ShortSide = 24 })).Message
            .ShouldContain("cannot be updated, as its pictures would come out otherwise: short side is '32' there, '24' now");
    }

    [Fact]
    public void Two_preparations_of_one_name_do_not_meet()
    {
        MiniatureArchives.Nih(Folder.File("nih"));
        Directory.CreateDirectory(Out + ".partial");
        using var other = new FileStream(Path.Combine(Out + ".partial", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Should.Throw<UserErrorException>(() => Prepare(Nih())).Message.ShouldContain("Another process works in");
    }

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
