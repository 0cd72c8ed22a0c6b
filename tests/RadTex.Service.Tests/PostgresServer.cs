using System.Diagnostics;
using System.Globalization;
using Npgsql;
using RadTex.Service.Settings;

namespace RadTex.Service.Tests;

/// <summary>Debian's PostgreSQL with a cluster of its own in a temporary folder, on a socket there, as a user without rights; no port.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Programs = "/usr/lib/postgresql", Account = "postgres", Socket = ".s.PGSQL.5432";

    private readonly Lock gate = new();
    private Process? process;
    private string? folder;
    private int databases;

    /// <summary>A new database; the server starts with the first. Skips the test, saying so, where it is not installed.</summary>
    internal PostgresSettings NewDatabase()
    {
        lock (gate)
        {
            Begin();
            var name = string.Create(CultureInfo.InvariantCulture, $"queue{++databases}");
            var postgres = new PostgresSettings { Host = folder!, Database = Account, User = Account };
            Execute(postgres, $"CREATE DATABASE {name}");
            return postgres with { Database = name };
        }
    }

    /// <summary>Runs SQL in a database beside who has it.</summary>
    internal static void Execute(PostgresSettings at, string sql)
    {
        using var connection = new NpgsqlConnection($"Host={at.Host};Database={at.Database};Username={at.User};Pooling=False");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (process is not null)
        {
            Run("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]); // fast: its own processes end with it
            process.WaitForExit();
            process.Dispose();
        }
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }

    private void Begin()
    {
        if (process is not null) return;
        var programs = !Directory.Exists(Programs) ? null
            : Directory.GetDirectories(Programs).Where(d => File.Exists(Path.Combine(d, "bin/initdb"))).Max();
        Assert.SkipUnless(programs is not null && OperatingSystem.IsLinux(), "needs PostgreSQL: apt-get install postgresql");
        folder = Directory.CreateTempSubdirectory("radtex-pg-").FullName;
        // PostgreSQL refuses to run as root.
        string[] asUser = [];
        if (Environment.IsPrivilegedProcess)
        {
            asUser = ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups"];
            Run("chown", [Account, folder]);
        }
        var cluster = Path.Combine(folder, "cluster");
        string[] make =
        [
            .. asUser, $"{programs}/bin/initdb", "-D", cluster, "-U", Account, "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-instructions",
        ];
        Run(make[0], make[1..]);
        string[] serve = [.. asUser, $"{programs}/bin/postgres", "-D", cluster, "-k", folder, "-c", "listen_addresses="];
        process = Start(serve[0], serve[1..]);
        while (!File.Exists(Path.Combine(folder, Socket)) && !process.HasExited) Thread.Sleep(20);
        for (bool isUp = false; !isUp && !process.HasExited;)
        {
            try
            {
                Execute(new() { Host = folder, Database = Account, User = Account }, "SELECT 1");
                isUp = true;
            }
            catch (NpgsqlException) { Thread.Sleep(20); } // it is starting up
        }
    }

    private static void Run(string program, IReadOnlyList<string> arguments)
    {
        using var run = Start(program, arguments);
        run.WaitForExit();
        run.ExitCode.ShouldBe(0, program);
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var started = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        started.ErrorDataReceived += (_, _) => { };
        started.OutputDataReceived += (_, _) => { };
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        return started;
    }
}
