using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace RadTex.Cli.Tests;

/// <summary><c>radtex serve</c> as an engineer runs it: the commands of docs/service.md, one after the other.</summary>
public sealed partial class ServeCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_guides_commands_lead_from_nothing_to_a_report_in_the_archive()
    {
        foreach (var (program, package) in (ReadOnlySpan<(string, string)>)[
            ("/usr/sbin/Orthanc", "orthanc"), ("/usr/share/orthanc/plugins", "orthanc-dicomweb"), ("/usr/bin/storescu", "dcmtk"),
            ("/usr/bin/curl", "curl")])
            Assert.SkipUnless(Path.Exists(program), $"needs {program}: apt-get install {package}");
        using var folder = new TemporaryFolder();
        DrawnEncoder.WriteClassifier(folder.File("edema.onnx"));
        var page = await File.ReadAllTextAsync(Path.Combine(SharedData.ProjectRoot, "docs", "service.md"), Cancellation);
        var commands = string.Concat(Block().Matches(page).Select(m => m.Groups[1].Value));
        foreach (var port in (string[])["8350", "8042", "4242"]) commands = commands.Replace(port, FreePort());
        // The tensor library is in the program's folder and not in its process.
        // The tensor library is in the program's folder and not in its process.
        commands = commands.Replace("kill %2", "! grep -qi torch /proc/$(jobs -p %2)/maps\nkill %2");
        var command = Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll");
        Directory.CreateDirectory(folder.File("bin"));
        await File.WriteAllTextAsync(folder.File("bin/radtex"), $"#!/bin/sh\nexec dotnet exec '{command}' \"$@\"\n", Cancellation);
        await File.WriteAllTextAsync(
            folder.File("guide.sh"),
            $"set -euo pipefail\nchmod +x bin/radtex\nPATH={folder.File("bin")}:$PATH:/usr/sbin\n"
                + $"trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{commands}", Cancellation);
        using var process = Process.Start(new ProcessStartInfo("timeout", ["240", "bash", folder.File("guide.sh")])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        process.ExitCode.ShouldBe(0, output + await error);
        output.ShouldContain("rule: rules.0, which fits everything");
        output.ShouldContain("Comprehensive 3D SR Document");
        output.ShouldContain("Not for diagnostic use");
        output.ShouldContain("each what was written");
        output.ShouldContain("0 instances are tried again");
        (await File.ReadAllTextAsync(folder.File("serve.log"), Cancellation)).ShouldContain("stopped: 0 instances wait");
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
