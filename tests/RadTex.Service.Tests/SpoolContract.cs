using RadTex.Service.Judging;
using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Service.Tests;

/// <summary>What stays after any end, and how often it is tried: the same in every database that the queue may be in.</summary>
public abstract class SpoolContract : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private protected TemporaryFolder Folder => folder;

    /// <summary>Where the queue is; null for SQLite.</summary>
    private protected abstract PostgresSettings? Postgres { get; }

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_accepted_is_answered_by_the_next_process_and_sent_once()
    {
        await using var service = await StartAsync(s => s.Settings with { Limits = new() { FreeMegabytes = 0, AnswerSeconds = 0 } });
        for (int i = 0; i < 4; i++) (await service.PostAsync(Radiographs.Bytes(i))).Dispose();
        await service.IdleAsync();
        // As kills leave it: an instance received, one judged, one stored and not sent, files that no row names.
        await service.StopAsync();
        var uids = service.Archive.ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        foreach (var file in service.Archive) File.Delete(file);
        using (var spool = ServiceSpool.Claim(service.Settings.Spool, Postgres))
        {
            foreach (var row in spool.Queue.Next(InstanceState.Sent, 0, 10))
            {
                byte[] bytes = Radiographs.Bytes((int)row.Id - 1);
                row.Header.ShouldBeEmpty("what is sent keeps no word of a patient's in the queue");
                var header = InstanceHeader.Of(RadTex.Imaging.Dicom.DicomInstance.Parse(bytes)).ToJson();
                File.WriteAllBytes(spool.Folder.Whole(row.Source), bytes);
                spool.Queue.Database.Write(
                    d => d.Execute("UPDATE instances SET header = @header WHERE id = @id", ("@header", header), ("@id", row.Id)));
            }
            spool.Queue.Database.Write(d =>
            {
                d.Execute("DELETE FROM deliveries WHERE instance < 3");
                d.Execute("UPDATE instances SET state = 'Received', answer = NULL WHERE id = 1");
                d.Execute("UPDATE instances SET state = 'Judged' WHERE id = 2");
                d.Execute("UPDATE instances SET state = 'Stored' WHERE id > 2");
                d.Execute("UPDATE deliveries SET state = 'pending'");
            });
            File.WriteAllText(spool.Folder.NewIncoming(), "half");
            File.WriteAllText(spool.Folder.Whole("sources/orphan"), "no row");
        }
        await service.StartAsync();
        await service.IdleAsync();
        var again = service.Archive.ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        again.Keys.ShouldBe(uids.Keys, ignoreOrder: true);
        // The one judged anew may have another time; the others are what they were, byte for byte.
        again.Count(a => a.Value.AsSpan().SequenceEqual(uids[a.Key])).ShouldBeGreaterThanOrEqualTo(3);
        Directory.GetFiles(Path.Combine(service.Settings.Spool, "incoming")).ShouldBeEmpty();
        await SmallService.UntilAsync(() => Directory.GetFiles(Path.Combine(service.Settings.Spool, "sources")).Length == 0);
        service.Running.Spool.Audit.Verify(null).Lines.ShouldBeGreaterThan(8);
    }

    [Fact]
    public void The_audit_tells_a_changed_line_a_removed_one_and_a_cut_tail()
    {
        string path = folder.File("spool"), head;
        using (var spool = ServiceSpool.Claim(path, Postgres))
        {
            for (int i = 0; i < 5; i++) spool.Audit.Append(new(AuditKind.Judged) { SopInstance = Radiographs.Uid(i), Output = "[]" });
            head = spool.Audit.Verify(null).Head;
            spool.Audit.Append(new(AuditKind.Stopped));
            spool.Audit.Verify(head).Kept.ShouldBe(5);
            // The file itself does not let a line be changed.
            Should.Throw<UserErrorException>(() => spool.Queue.Database.Write(d => d.Execute("UPDATE audit SET note = 'x' WHERE id = 2")));
        }
        Tamper(path, "audit_is_kept", "DELETE FROM audit WHERE id >= 5");
        using (var cut = ServiceSpool.Beside(path, Postgres))
            cut.Audit.Verify(head).ShouldSatisfyAllConditions(v => v.Kept.ShouldBeNull(), v => v.Lines.ShouldBe(4));
        Tamper(path, "audit_is_final", "UPDATE audit SET output = '[1]' WHERE id = 3");
        using (var changed = ServiceSpool.Beside(path, Postgres))
            Should.Throw<UserErrorException>(() => changed.Audit.Verify(null)).Message.ShouldContain("Line 3");
        Tamper(path, null, "DELETE FROM audit WHERE id = 2");
        using (var removed = ServiceSpool.Beside(path, Postgres))
            Should.Throw<UserErrorException>(() => removed.Audit.Verify(null)).Message.ShouldContain("lacks line 2");
    }

    [Fact]
    public async Task A_destination_that_fails_is_tried_again_then_dead_until_a_person_retries_it()
    {
        await using var service = await StartAsync(s =>
        {
            File.WriteAllText(s.File("archive"), "a file where the folder should be");
            return s.Settings with { Delivery = new() { Attempts = 3, FirstSeconds = 0.01, LongestSeconds = 0.02 } };
        });
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        service.Queue.Count(InstanceState.Dead).ShouldBe(1);
        await SmallService.UntilAsync(() => service.Log.Contains("dead letter"));
        service.Log.Split('\n').Count(l => l.Contains("failed (it cannot be written)")).ShouldBe(2);
        // A dead one still answers, and its report is kept.
        (await service.AnswerAsync(Radiographs.Bytes(0))).Findings.Count.ShouldBe(2);
        File.Delete(service.File("archive"));
        using (var beside = ServiceSpool.Beside(service.Settings.Spool, Postgres)) beside.Queue.Revive().ShouldBe(1);
        await SmallService.UntilAsync(() => service.Queue.Count(InstanceState.Sent) == 1);
        service.Archive.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_ends_the_process_each_time_is_given_up_and_the_queue_goes_on()
    {
        await using var service = new SmallService();
        service.Settings = service.Settings with { Postgres = Postgres };
        using (var spool = ServiceSpool.Claim(service.Settings.Spool, Postgres))
        {
            File.WriteAllBytes(spool.Folder.Whole("sources/a"), Radiographs.Bytes(0));
            var row = new QueuedInstance(0, "1.2.3", "c", InstanceKind.Dicom, "1.2.3", "sources/a");
            var (added, _) = spool.Queue.Add(row, new(AuditKind.Received));
            for (int i = 0; i < 6; i++) spool.Queue.Begin([added]); // six processes began it and were no more
        }
        await service.StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(1));
        service.Queue.Find("1.2.3")!.State.ShouldBe(InstanceState.Dead);
    }

    [Fact]
    public async Task Old_answers_are_forgotten_with_their_files_and_the_audit_stays()
    {
        await using var service = await StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        long lines = service.Running.Spool.Audit.Verify(null).Lines;
        service.Queue.Forget(DateTimeOffset.UtcNow.AddDays(-1), 10).ShouldBeEmpty();
        service.Queue.Forget(DateTimeOffset.UtcNow.AddDays(1), 10).ShouldBe([1]);
        service.Running.Spool.Folder.RemoveAnswers(1);
        Directory.EnumerateFiles(Path.Combine(service.Settings.Spool, "answers"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        service.Queue.Find(Radiographs.Uid(0)).ShouldBeNull();
        service.Running.Spool.Audit.Verify(null).Lines.ShouldBe(lines);
    }

    /// <summary>A service on the queue.</summary>
    private protected Task<SmallService> StartAsync(Func<SmallService, ServiceSettings>? change = null) =>
        SmallService.StartAsync(s => (change?.Invoke(s) ?? s.Settings) with { Postgres = Postgres });

    /// <summary>Does to the database what one does who has it: takes a trigger of the audit away, and changes it.</summary>
    private protected abstract void Tamper(string spool, string? trigger, string sql);
}
