#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// How fast training batches come from a prepared dataset: pixels from the mapped file, the affine map, crop, scaling to [B, C, S, S] float32, and the
// captions packed. dotnet run -c Release bench/loading.cs -- DATASET [--preset paper] [--batch 64] [--seconds 5] [--rounds 3]
// DATASET: prepared with a short side of at least the preset's size, such as
// radtex phantoms --count 2000 --size 256 --out phantoms && radtex prepare mimic-cxr-jpg phantoms --out DATASET
// Each round times, in turn: one thread, then one a processor, for both interpolations. Nothing is trained, so all processors load.

using System.Diagnostics;
using RadTex.Data;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

TorchLibrary.EnsureLoaded();
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at ? args[at + 1] : otherwise;
var preset = ConfigurationReader.Read(Option("--preset", "paper"));
int size = int.Parse(Option("--batch", "64")), rounds = int.Parse(Option("--rounds", "3"));
double seconds = double.Parse(Option("--seconds", "5"));
using var dataset = PreparedDataset.Open(args[0]);
var training = dataset.IndicesOf(Split.Train).Where(i => dataset[i].Text is not null).ToArray();
var vocabulary = VocabularyBuilder.Build(training.Select(i => dataset[i].Text!), 2_000);
var tokens = CaptionTokens.Make(dataset, new ReportTokenizer(vocabulary, preset.Text.MaxTokens));
var sampler = new EpochSampler(training, size, seed: 1, dropLast: true);

var cases = (from interpolation in new[] { Interpolation.Nearest, Interpolation.Bilinear }
             from workers in new[] { 1, Environment.ProcessorCount }
             select (Interpolation: interpolation, Workers: workers)).ToArray();
var found = cases.ToDictionary(c => c, _ => new List<double>());
long step = 0;
for (int round = 0; round <= rounds; round++)
    foreach (var test in cases)
    {
        var batches = new RadiographBatches(
            dataset, preset.Input, preset.Augmentation with { Interpolation = test.Interpolation }, seed: 1, test.Workers);
        var clock = Stopwatch.StartNew();
        long images = 0;
        for (; clock.Elapsed.TotalSeconds < (round == 0 ? 1 : seconds); images += size)
        {
            using var scope = NewDisposeScope();
            var indices = sampler.Batch(step++);
            batches.TrainingViews(indices, step);
            using var captions = CaptionBatch.Pack([.. indices.Select(i => tokens[i])]);
        }
        if (round > 0) found[test].Add(images / clock.Elapsed.TotalSeconds); // the first round warms up
    }

double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
Console.WriteLine(
    $"Preset {preset.Preset}: [{size}, {preset.Model.Channels}, {preset.Image.Size}, {preset.Image.Size}] from "
        + $"{dataset.Count:N0} {(dataset.Manifest.Synthetic ? "**synthetic** " : "")}radiographs of short side "
        + $"{dataset.ShortSide}, {rounds} rounds of {seconds} s.\n\n| interpolation | threads | images/s |\n| --- | --- | --- |");
foreach (var test in cases)
    Console.WriteLine($"| "
        + $"{test.Interpolation.ToString().ToLowerInvariant()}{(preset.Augmentation.Interpolation == test.Interpolation ? " (the preset's)" : "")} "
        + $"| {test.Workers} | {Median(found[test]):N0} |");
