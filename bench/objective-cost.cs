#:project ../src/RadTex.Experiments/RadTex.Experiments.csproj

// Processor time that an update of each pretraining of a reproduction's configuration takes, on one thread: its step_seconds.
//   radtex phantoms --count 400 --seed 5 --out phantoms
//   radtex prepare mimic-cxr-jpg phantoms --short-side 96 --split hash --fractions 0.95,0.05,0 --out dataset
//   dotnet run -c Release bench/objective-cost.cs -- CONFIG DATASET [UPDATES [ROUNDS [SET ...]]]
// Processor time of the whole process, not the clock: other work beside it adds little. The least of the rounds, each after five updates of warming.

using System.Diagnostics;
using System.Globalization;
using RadTex;
using RadTex.Experiments.Reproduction;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;

TorchLibrary.EnsureLoaded();
var configuration = ReproductionReader.Read(args[0]);
int Number(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
const int Warming = 5;
int updates = Number(2, 30), rounds = Number(3, 2);
var least = new Dictionary<string, double>();
for (int round = 0; round < rounds; round++)
    foreach (var (name, settings) in configuration.Pretrainings.Where(p => p.Value.Updates == PartUpdates.AsEpochs))
    {
        var own = settings with
        {
            Set = [.. settings.Set ?? [], $"training.max_steps={Warming + updates + 1}", "log.validate_every_epochs=0", .. args.Skip(4)],
            Vocabulary = null,
        };
        var pretraining = own.Configuration();
        var folder = Path.Combine(Path.GetTempPath(), $"radtex-cost-{Environment.ProcessId}");
        var meter = new Meter(Warming * pretraining.Training.BatchSize);
        PretrainingProgram.Run(new(args[1], folder, pretraining, Threads: 1), null, meter);
        Directory.Delete(folder, recursive: true);
        least[name] = Math.Min(
            least.GetValueOrDefault(name, double.PositiveInfinity), meter.Seconds / (meter.Radiographs / pretraining.Training.BatchSize));
        Console.Error.WriteLine($"round {round + 1}, {name}: {least[name].ToString("0.0000", CultureInfo.InvariantCulture)}");
    }
Console.WriteLine("| pretraining | seconds of one processor an update |\n| --- | --- |");
foreach (var (name, seconds) in least) Console.WriteLine(FormattableString.Invariant($"| {name} | {seconds:0.0000} |"));

/// <summary>Processor time from the first report after the warming to the last.</summary>
internal sealed class Meter(long warm) : IProgress<ProgressReport>
{
    private TimeSpan begin, end;
    private long first = -1, last;

    public double Seconds => (end - begin).TotalSeconds;

    public double Radiographs => last - first;

    public void Report(ProgressReport value)
    {
        if (value.Unit != "images" || value.Done < warm || value.Done == value.Total) return; // the last one writes a checkpoint too
        using var process = Process.GetCurrentProcess();
        (end, last) = (process.TotalProcessorTime, value.Done);
        if (first < 0) (begin, first) = (end, last);
    }
}
