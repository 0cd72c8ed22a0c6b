using System.CommandLine;
using RadTex.Learning.Models;
using RadTex.Learning.SelfCheck;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex selfcheck FILE.json</c>: rebuilds a golden case and compares every number with the file.</summary>
internal static class SelfCheckCommand
{
    internal static Command Build()
    {
        var file = new Argument<string>("FILE.json") { Description = "A golden case, such as tests/RadTex.Learning.Tests/Golden/paper.json." };
        var device = Devices.Option();
        var precision = new Option<string>("--precision") { Description = "fp64, fp32 or bf16.", DefaultValueFactory = _ => "fp64" };
        precision.AcceptOnlyFromAmong("fp64", "fp32", "bf16");
        var all = new Option<bool>("--all") { Description = "Print every quantity, not only those that do not agree." };
        var json = JsonOutput.Option();
        var command = new Command(
            "selfcheck", "Rebuild a golden case of the model and compare every number with the file.") { file, device, precision, all, json };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(file), Precisions.Parse(parsed.GetRequiredValue(precision)),
            parsed.GetRequiredValue(device), parsed.GetValue(all), parsed.GetValue(json), cancellation)));
        return command;
    }

    private static int Run(string file, Precision precision, string device, bool all, bool json, CancellationToken cancellation)
    {
        using var check = new GoldenCheck(file, precision, Devices.Parse(device));
        if (all && !json) Console.WriteLine($"{"",-4} {"deviation",-10} {"bound",-8} {"quantity"}: expected | found");
        var quantities = check.Run(q =>
        {
            if (!json && (all || !q.Passed)) Print(q);
        }, cancellation);
        int failed = quantities.Count(q => !q.Passed);
        var bounded = quantities.Where(q => q is { Deviation: not null, Tolerance: not null }).ToList();
        var worst = bounded.Count == 0 ? "" : $"; largest share of its bound: {bounded.Max(q => q.Deviation / q.Tolerance):P1} "
            + $"({bounded.MaxBy(q => q.Deviation / q.Tolerance)!.Name})";
        if (json) JsonOutput.Write(quantities);
        else
        {
            string[] columns = ["quantity", "numbers", "do not agree", "largest share of its bound"];
            foreach (var line in TerminalTable.Lines(columns, Kinds(quantities), width: TerminalColour.TableWidth)) Console.WriteLine(line);
        }
        if (!json)
            Console.WriteLine(
                $"{Path.GetFileName(file)} {precision.Name()} on {device}: {quantities.Count - failed} "
                    + $"quantities agree, {failed} do not{worst}");
        return failed == 0 ? RadTexCommand.Success : RadTexCommand.ProgramFault;
    }

    // A row a kind of quantity: the first word of its name.
    private static string[][] Kinds(IReadOnlyList<CheckedQuantity> quantities) =>
    [
        .. quantities.GroupBy(q => q.Name.Split(' ', '[')[0]).Select(g => (string[])
        [
            g.Key, $"{g.Count()}", $"{g.Count(q => !q.Passed)}",
            g.Max(q => q.Deviation / q.Tolerance) is { } share ? $"{share:P1}" : "equal or unbounded",
        ]),
    ];

    private static void Print(CheckedQuantity quantity)
    {
        var deviation = quantity.Deviation is { } d ? $"{d:0.0e+00}" : "-";
        var bound = quantity.Tolerance is { } t ? $"{t:0e+00}" : "-";
        Console.WriteLine(
            $"{(quantity.Passed ? "ok" : "FAIL"),-4} {deviation,-10} {bound,-8} {quantity.Name}: {quantity.Expected} | {quantity.Found}");
    }
}
