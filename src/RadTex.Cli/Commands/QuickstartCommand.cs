using System.CommandLine;
using System.Diagnostics;
using RadTex.Data;
using RadTex.Experiments;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex quickstart</c>: the software shown on synthetic radiographs.</summary>
internal static class QuickstartCommand
{
    internal static Command Build()
    {
        var folder = new Option<string>("--out") { Description = "Where everything goes.", DefaultValueFactory = _ => "quickstart" };
        var count = new Option<int>("--count") { Description = "Synthetic radiographs to draw.", DefaultValueFactory = _ => 3000 };
        var seed = new Option<ulong>("--seed") { Description = "The one seed everything follows from." };
        var size = new Option<int>("--size") { Description = "Short side in pixels.", DefaultValueFactory = _ => 128 };
        var command = new Command("quickstart", "See it on synthetic radiographs (no patient data): draw them, prepare a dataset, verify it.") { folder, count, seed, size };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var clock = Stopwatch.StartNew();
                var quickstart = new Quickstart(parsed.GetValue(folder)!, parsed.GetValue(count), parsed.GetValue(seed), parsed.GetValue(size));
                DatasetManifest manifest;
                using (var display = new ProgressDisplay()) manifest = quickstart.Run(display, cancellation);
                foreach (var line in DatasetReport.Lines(manifest)) Console.WriteLine(line);
                Console.WriteLine($"Done in {clock.Elapsed.TotalSeconds:N0} s. The synthetic radiographs are pictured in {quickstart.ContactSheetFile}; the prepared dataset is {quickstart.Dataset}.");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
