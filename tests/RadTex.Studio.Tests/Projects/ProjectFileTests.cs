using System.Text;
using Microsoft.Data.Sqlite;
using RadTex.Files;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Tests.Projects;

public sealed class ProjectFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("radtex-studio-").FullName;

    private string Project => Path.Combine(folder, "edema.radtex");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Events_are_there_in_order_when_a_project_is_opened_again()
    {
        string head;
        using (var project = ProjectFile.Create(Project, """{"findings":["Edema"]}"""))
        {
            var label = project.Append(Full());
            label.Id.ShouldBe(2);
            project.Append(new(EventKind.Undo, "reader-1", "Edema", "ab") { Of = label.Id });
            head = project.Head;
        }
        using var again = ProjectFile.Open(Project);
        again.Head.ShouldBe(head);
        again.Events.Select(e => e.Kind).ShouldBe([EventKind.Created, EventKind.Label, EventKind.Undo]);
        (again.Events[1] with { Id = 0, Time = default }).ShouldBe(Full());
        again.Events[2].Of.ShouldBe(2);
        again.Append(new(EventKind.Skip)).Id.ShouldBe(4);
    }

    [Fact]
    public void The_key_is_its_owners_alone_and_needed()
    {
        using (ProjectFile.Create(Project, "{}")) { }
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Project + ".key").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<UserErrorException>(() => ProjectFile.Create(Project, "{}")).Message.ShouldContain("is there already");
        File.WriteAllText(Project + ".key", new string('0', 64));
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("another project's key");
        File.WriteAllText(Project + ".key", "secret");
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("64 hexadecimal digits");
        File.Delete(Project + ".key");
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("without its key");
    }

    [Theory]
    [InlineData("UPDATE events SET value = '0' WHERE id = 3", "event 3 is not what was written")]
    [InlineData("UPDATE events SET time = time + 1 WHERE id = 2", "event 2 is not what was written")]
    [InlineData("DELETE FROM events WHERE id = 3", "lacks event 3")]
    [InlineData(
        "UPDATE events SET id = id + 10 WHERE id = 4; UPDATE events SET id = 4 WHERE id = 5; UPDATE events SET id = 5 WHERE id = 14",
        "event 4 is not what was written")]
    [InlineData(
        "INSERT INTO events SELECT 6, time, kind, reader, finding, picture, value, confidence, milliseconds, "
            + "shown_window, visible, policy, propensity, model, about, note, code FROM events WHERE id = 5",
        "event 6 is not what was written")]
    [InlineData("UPDATE events SET kind = 'Guess' WHERE id = 2", "which this version does not know")]
    public void Whatever_is_changed_behind_its_back_is_named(string change, string expected)
    {
        Fill(4);
        using (var connection = new SqliteConnection($"Data Source={Project};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"DROP TRIGGER events_are_final; DROP TRIGGER events_are_kept; {change}";
            command.ExecuteNonQuery();
        }
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain(expected);
    }

    [Fact]
    public void The_file_itself_refuses_to_change_or_remove_events()
    {
        Fill(1);
        using var connection = new SqliteConnection($"Data Source={Project};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var change in new[] { "DELETE FROM events", "UPDATE events SET value = ''" })
        {
            command.CommandText = change;
            Should.Throw<SqliteException>(() => command.ExecuteNonQuery()).Message.ShouldContain("events are never");
        }
    }

    [Fact]
    public void A_flipped_byte_anywhere_is_found()
    {
        Fill(40);
        var bytes = File.ReadAllBytes(Project);
        var (missed, found) = (new List<int>(), 0);
        for (int at = 0; at < bytes.Length; at += 397)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(Project, damaged);
            try
            {
                using var opened = ProjectFile.Open(Project);
                // Bytes that no page uses, or of the header's counters, change nothing that was said.
                opened.Events.Count.ShouldBe(41);
                missed.Add(at);
            }
            catch (UserErrorException e)
            {
                e.Message.ShouldStartWith(Project);
                found++;
            }
            foreach (var beside in new[] { "-wal", "-shm" }) File.Delete(Project + beside);
        }
        found.ShouldBeGreaterThan(bytes.Length / 397 / 3);
        File.WriteAllBytes(Project, bytes);
        using var whole = ProjectFile.Open(Project);
        whole.Events.Count.ShouldBe(41);
    }

    [Fact]
    public void A_cut_tail_shows_against_a_head_that_was_kept()
    {
        Fill(3);
        string head;
        using (var project = ProjectFile.Open(Project)) head = project.Head;
        using (var connection = new SqliteConnection($"Data Source={Project};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TRIGGER events_are_kept; DELETE FROM events WHERE id = 4; CREATE TRIGGER events_are_kept BEFORE DELETE "
                + "ON events BEGIN SELECT RAISE(ABORT, ''); END;";
            command.ExecuteNonQuery();
        }
        using var cut = ProjectFile.Open(Project); // the rest is a chain of its own
        cut.EventsAt(head).ShouldBeNull();
        cut.EventsAt(cut.Head).ShouldBe(3);
    }

    [Fact]
    public void Two_studios_on_one_file_are_refused_in_one_line()
    {
        using var first = ProjectFile.Create(Project, "{}");
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("open in another studio");
        first.Append(new(EventKind.Skip)).Id.ShouldBe(2);
    }

    [Fact]
    public void A_clock_that_is_set_back_turns_no_order_round()
    {
        var clock = new SetClock { Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero) };
        using var project = ProjectFile.Create(Project, "{}", clock);
        clock.Now = clock.Now.AddHours(-3);
        project.Append(new(EventKind.Skip)).Time.ShouldBe(new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        clock.Now = clock.Now.AddHours(5);
        project.Append(new(EventKind.Skip)).Time.ShouldBe(clock.Now);
    }

    [Fact]
    public void Files_that_are_no_project_are_named()
    {
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("No project at");
        File.WriteAllText(Project + ".key", new string('0', 64));
        File.WriteAllText(Project, string.Join('\n', Enumerable.Repeat("no database at all", 100)));
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("no SQLite file");
        File.Delete(Project);
        using (var connection = new SqliteConnection($"Data Source={Project};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE other (x)";
            command.ExecuteNonQuery();
        }
        Should.Throw<UserErrorException>(() => ProjectFile.Open(Project)).Message.ShouldContain("no project of the studio");
    }

    [Fact]
    public void Network_file_systems_are_told_by_the_longest_mount_point()
    {
        const string mounts = """
            22 1 8:1 / / rw - ext4 /dev/root rw
            40 22 0:30 / /mnt/scans rw,relatime shared:1 - nfs4 server:/scans rw
            41 40 0:31 / /mnt/scans/local rw - xfs /dev/sdb rw
            42 22 0:32 / /mnt/with\040space rw - cifs //server/x rw
            """;
        LocalDisk.TypeOf("/home/a/p.radtex", mounts).ShouldBe("ext4");
        LocalDisk.TypeOf("/mnt/scans/p.radtex", mounts).ShouldBe("nfs4");
        LocalDisk.TypeOf("/mnt/scans/local/p.radtex", mounts).ShouldBe("xfs");
        LocalDisk.TypeOf("/mnt/scansother/p", mounts).ShouldBe("ext4");
        LocalDisk.TypeOf("/mnt/with space/p", mounts).ShouldBe("cifs");
    }

    [Fact]
    public void No_two_events_have_the_same_code()
    {
        byte[] key = Encoding.ASCII.GetBytes(new string('k', 32));
        StudioEvent[] events =
        [
            new(EventKind.Label, "ab", "c"), new(EventKind.Label, "a", "bc"), new(EventKind.Label, "ab", "c") { MillisecondsInView = 0 },
            new(EventKind.Label, "ab", "c") { Of = 0 }, new(EventKind.Revise, "ab", "c"), new(EventKind.Label, "ab", "c") { Propensity = 0.1 },
        ];
        events.Select(e => Convert.ToHexString(EventChain.Next(key, EventChain.Root, e))).ShouldBeUnique();
    }

    private void Fill(int labels)
    {
        using var project = ProjectFile.Create(Project, """{"findings":["Edema"]}""");
        for (int i = 0; i < labels; i++) project.Append(Full() with { Picture = $"{i:x64}", Value = $"{i % 2}" });
    }

    private static StudioEvent Full() => new(EventKind.Label, "reader-1", "Edema", new string('a', 64), "1")
    {
        Confidence = "sure",
        MillisecondsInView = 1_234,
        Window = "centre 2048 width 4096",
        Visible = "",
        Policy = "random",
        Propensity = 0.2,
        Model = new string('b', 64),
        Note = "übermäßig\n",
    };

    private sealed class SetClock : TimeProvider
    {
        internal DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
