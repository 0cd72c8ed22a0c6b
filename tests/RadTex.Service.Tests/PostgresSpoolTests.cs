using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Service.Tests;

/// <summary>The queue in PostgreSQL, and several services on it.</summary>
public sealed class PostgresSpoolTests(PostgresServer server) : SpoolContract, IClassFixture<PostgresServer>
{
    private PostgresSettings? database;

    private protected override PostgresSettings? Postgres => database ??= server.NewDatabase();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_are_claimed_by_one_service_and_free_again_when_it_is_no_more()
    {
        using var one = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        var other = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        for (int i = 0; i < 5; i++) Add(i % 2 == 0 ? one : other, i).ShouldBeTrue();
        Add(other, 3).ShouldBeFalse("it is known by its identity, whoever took it");
        Ids(one, 2).ShouldBe(["0", "1"]);
        Ids(other, 2).ShouldBe(["2", "3"]);
        Ids(one, 9).ShouldBe(["0", "1", "4"], "what is its own it gets again");
        Ids(other, 9).ShouldBe(["2", "3"]);
        other.Queue.Begin(other.Queue.Claim(InstanceState.Received, 9));
        other.Dispose(); // as a kill does: the connection ends
        UntilAll(() => Ids(one, 9).Length == 5);
        one.Queue.Claim(InstanceState.Received, 9).Count(i => i.Attempts == 1).ShouldBe(2, "what was begun stays known");
    }

    [Fact]
    public void A_feed_is_followed_by_one_service_and_by_the_next_when_that_one_is_no_more()
    {
        var one = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        using var other = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        one.Queue.Leads("orthanc").ShouldBeTrue();
        other.Queue.Leads("orthanc").ShouldBeFalse();
        other.Queue.Leads("folder").ShouldBeTrue();
        one.Queue.Leads("orthanc").ShouldBeTrue();
        one.Queue.SetPosition("orthanc", 7);
        one.Dispose();
        UntilAll(() => other.Queue.Leads("orthanc"));
        other.Queue.Position("orthanc").ShouldBe(7);
    }

    [Fact]
    public void One_who_starts_beside_another_sweeps_nothing_of_that_one()
    {
        using (var one = ServiceSpool.Claim(Folder.File("spool"), Postgres))
        {
            File.WriteAllText(one.Folder.NewIncoming(), "arriving");
            File.WriteAllText(one.Folder.Whole("sources/kept"), "not in the queue yet");
            using var other = ServiceSpool.Claim(Folder.File("spool"), Postgres);
            Left().ShouldBe(2);
        }
        using var alone = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        Left().ShouldBe(0);
    }

    [Fact]
    public void Lines_of_several_services_make_one_chain()
    {
        using var one = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        using var other = ServiceSpool.Claim(Folder.File("spool"), Postgres);
        Parallel.For(0, 60, i => (i % 2 == 0 ? one : other).Audit.Append(new(AuditKind.Judged) { SopInstance = Radiographs.Uid(i) }));
        one.Audit.Verify(null).Lines.ShouldBe(60);
        other.Audit.Verify(null).Head.ShouldBe(one.Audit.Verify(null).Head);
    }

    [Fact]
    public async Task Two_services_answer_what_either_took_and_one_goes_on_for_both()
    {
        await using var one = await StartAsync();
        await using var other = await SmallService.StartAsync(s => one.Settings with { Models = s.Settings.Models });
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? one : other).AnswerAsync(Radiographs.Bytes(i))));
        answers.ShouldAllBe(a => a.NotJudged == null);
        // The same instance again, at the other's door, is the same answer.
        (await other.AnswerAsync(Radiographs.Bytes(0))).ToJson().ShouldBe(answers[0].ToJson());
        await one.IdleAsync();
        one.Archive.Length.ShouldBe(12);
        // One that is no more had begun something.
        using (var killed = ServiceSpool.Claim(one.Settings.Spool, Postgres))
        {
            await one.StopAsync();
            var row = new QueuedInstance(0, Radiographs.Uid(20), "c", InstanceKind.Picture, "", "sources/x");
            File.WriteAllBytes(killed.Folder.Whole("sources/x"), Radiographs.Bytes(20));
            killed.Queue.Database.Write(_ =>
            {
                killed.Queue.Add(row, new(AuditKind.Received));
                killed.Queue.Claim(InstanceState.Received, 1).Count.ShouldBe(1);
            });
        }
        await SmallService.UntilAsync(() => other.Queue.Find(Radiographs.Uid(20))!.State == InstanceState.Sent);
        other.Running.Spool.Audit.Verify(null).Lines.ShouldBeGreaterThan(36);
    }

    [Fact]
    public async Task A_connection_that_broke_is_made_anew()
    {
        await using var service = await StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        PostgresServer.Execute(Postgres!, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'radtex'");
        // The request that meets it may be told to come again.
        HttpResponseMessage response;
        while ((response = await service.PostAsync(Radiographs.Bytes(1))).StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
            response.Dispose();
        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        response.Dispose();
    }

    [Fact]
    public void A_folder_and_a_queue_that_do_not_belong_together_are_refused()
    {
        using (ServiceSpool.Claim(Folder.File("spool"), Postgres)) { }
        Should.Throw<UserErrorException>(() => ServiceSpool.Claim(Folder.File("spool"))).Message.ShouldContain("queue in PostgreSQL");
        Should.Throw<UserErrorException>(() => ServiceSpool.Claim(Folder.File("other"), Postgres)).Message.ShouldContain("another spool");
        using (ServiceSpool.Claim(Folder.File("small"))) { }
        Should.Throw<UserErrorException>(() => ServiceSpool.Claim(Folder.File("small"), Postgres)).Message.ShouldContain("queue in SQLite");
        PostgresServer.Execute(Postgres!, "UPDATE radtex_queue SET version = 99");
        Should.Throw<UserErrorException>(() => ServiceSpool.Claim(Folder.File("spool"), Postgres)).Message.ShouldContain("form 99");
        var nobody = Postgres! with { Host = Folder.File("nothing") };
        Should.Throw<UserErrorException>(() => ServiceSpool.Beside(Folder.File("spool"), nobody)).Message.ShouldContain("cannot be reached");
    }

    private protected override void Tamper(string spool, string? trigger, string sql) =>
        PostgresServer.Execute(Postgres!, $"{(trigger is null ? "" : $"DROP TRIGGER {trigger} ON audit;")} {sql}");

    private static bool Add(ServiceSpool to, int number) => to.Queue.Add(
        new(0, number.ToString(System.Globalization.CultureInfo.InvariantCulture), "c", InstanceKind.Dicom, "", ""), new(AuditKind.Received)).IsNew;

    private static string[] Ids(ServiceSpool of, int most) => [.. of.Queue.Claim(InstanceState.Received, most).Select(i => i.Identity)];

    // The server frees a lock a moment after its connection ended.
    private static void UntilAll(Func<bool> done) => SpinWait.SpinUntil(done);

    private int Left() => Directory.GetFiles(Folder.File("spool/incoming")).Length + Directory.GetFiles(Folder.File("spool/sources")).Length;
}
