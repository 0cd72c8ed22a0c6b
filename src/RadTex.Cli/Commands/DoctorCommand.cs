using System.CommandLine;
using RadTex.Cli.Doctor;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex doctor</c>: what of this machine decides whether and how fast RadTex works, with a cure where something is amiss.</summary>
internal static class DoctorCommand
{
    internal static Command Build()
    {
        var json = JsonOutput.Option();
        var command = new Command("doctor", "Look at this machine: what works, what does not, and what would help.") { json };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed.GetValue(json))));
        return command;
    }

    private static int Run(bool json)
    {
        HostFinding[] findings = [.. HostChecks.All(Directory.GetCurrentDirectory())];
        if (json) JsonOutput.Write(findings);
        else
        {
            int width = findings.Max(f => f.Part.Length);
            foreach (var finding in findings)
            {
                Console.WriteLine($"{Word(finding.Verdict),-8} {finding.Part.PadRight(width)}  {finding.Found}");
                if (finding is { Cure: { } cure, Verdict: not Verdict.Ok }) Console.WriteLine($"{"",-8} {"".PadRight(width)}  {cure}");
            }
        }
        return findings.Any(f => f.Verdict == Verdict.Broken) ? RadTexCommand.ProgramFault : RadTexCommand.Success;
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Limited => "limited",
        _ => TerminalColour.Bold("BROKEN"),
    };
}
