using System.CommandLine;
using RadTex.Training;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex selfcheck FILE.json</c>: rebuilds a golden case and compares every number with the file.</summary>
internal static class SelfCheckCommand
{
    internal static Command Build()
    {
        var file = new Argument<string>("FILE.json") { Description = "A golden case, such as tests/RadTex.Tests/Golden/paper.json." };
        var device = Devices.Option();
        var precision = new Option<string>("--precision") { Description = "fp64, fp32 or bf16.", DefaultValueFactory = _ => "fp64" };
        precision.AcceptOnlyFromAmong("fp64", "fp32", "bf16");
        var command = new Command("selfcheck", "Rebuild a golden case of the model and compare every number with the file.") { file, device, precision };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(file), Enum.Parse<CheckPrecision>(parsed.GetRequiredValue(precision), ignoreCase: true),
            parsed.GetRequiredValue(device), cancellation)));
        return command;
    }

    private static int Run(string file, CheckPrecision precision, string device, CancellationToken cancellation)
    {
        using var check = new SelfCheck(file, precision, Devices.Parse(device));
        Console.WriteLine($"{"",-4} {"deviation",-10} {"bound",-8} {"quantity"}: expected | found");
        var quantities = check.Run(Print, cancellation);
        int failed = quantities.Count(q => !q.Passed);
        var bounded = quantities.Where(q => q is { Deviation: not null, Tolerance: not null }).ToList();
        var worst = bounded.Count == 0 ? "" : $"; largest share of its bound: {bounded.Max(q => q.Deviation / q.Tolerance):P1} ({bounded.MaxBy(q => q.Deviation / q.Tolerance)!.Name})";
        Console.WriteLine($"{Path.GetFileName(file)} {precision.ToString().ToLowerInvariant()} on {device}: {quantities.Count - failed} quantities agree, {failed} do not{worst}");
        return failed == 0 ? RadTexCommand.Success : RadTexCommand.ProgramFault;
    }

    private static void Print(CheckedQuantity quantity)
    {
        var deviation = quantity.Deviation is { } d ? $"{d:0.0e+00}" : "-";
        var bound = quantity.Tolerance is { } t ? $"{t:0e+00}" : "-";
        Console.WriteLine($"{(quantity.Passed ? "ok" : "FAIL"),-4} {deviation,-10} {bound,-8} {quantity.Name}: {quantity.Expected} | {quantity.Found}");
    }
}
