using Microsoft.Data.Sqlite;
using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Service.Tests;

/// <summary>The queue in an SQLite file.</summary>
public sealed class SqliteSpoolTests : SpoolContract
{
    private protected override PostgresSettings? Postgres => null;

    [Fact]
    public void Two_processes_do_not_claim_one_spool_and_one_may_look_beside()
    {
        using var spool = ServiceSpool.Claim(Folder.File("spool"));
        Should.Throw<UserErrorException>(() => ServiceSpool.Claim(Folder.File("spool"))).Message.ShouldContain("Another process");
        using var beside = ServiceSpool.Beside(Folder.File("spool"));
        beside.Audit.Append(new(AuditKind.Retried));
        spool.Audit.Append(new(AuditKind.Started));
        spool.Audit.Verify(null).Lines.ShouldBe(2);
    }

    private protected override void Tamper(string spool, string? trigger, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(spool, "queue.sqlite")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"{(trigger is null ? "" : $"DROP TRIGGER {trigger};")} {sql}";
        command.ExecuteNonQuery();
    }
}
