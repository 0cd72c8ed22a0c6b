#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// A training step of preset paper at batch 8, captions of 60 tokens on average: packed, and padded to 170 as the reference does it.
//   dotnet run -c Release bench/packed-step.cs -- [--rounds 3] [--threads 1] [--cases packed-fp32,padded-fp32,packed-bf16,padded-bf16]
// The padded step runs the same layers over every position and the output layer and cross-entropy (padding ignored) over whole logits.
// Cases take turns, so that a busy machine slows all alike, and beside the wall clock stands the processor time, which on one thread is
// the wall clock of a free machine. One JSON line a case: seconds of each step, images/s by the medians, and the losses of the first
// forward in evaluation mode; then a line of ratios, each the median over rounds of the round's own.

using System.Diagnostics;
using System.Text.Json;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using static TorchSharp.torch;

TorchLibrary.EnsureLoaded();
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at ? args[at + 1] : otherwise;
int rounds = int.Parse(Option("--rounds", "3"));
set_num_threads(int.Parse(Option("--threads", "1")));
string[] cases = Option("--cases", "packed-fp32,padded-fp32,packed-bf16,padded-bf16").Split(',');

const int maxTokens = 170;
int[] lengths = [24, 35, 45, 55, 63, 72, 85, 101]; // mean 60, [CLS] and [SEP] included
var paper = ConfigurationReader.Read("paper");
var network = new ModelConfiguration();
var random = new Random(1);
List<int[]> captions = [.. lengths.Select(
    n => (int[])[network.StartToken, .. Enumerable.Range(0, n - 2).Select(_ => random.Next(105, network.VocabularySize)), network.EndToken])];
static int[] Padded(IEnumerable<int> caption) => [.. caption.Concat(Enumerable.Repeat(0, maxTokens)).Take(maxTokens)];

using var gate = manual_seed(1);
using var images = rand(lengths.Length, 1, paper.Image.Size, paper.Image.Size);
using var packed = CaptionBatch.Pack(captions);
using var paddedForward = CaptionBatch.Pack([.. captions.Select(Padded)]);
using var paddedBackward = CaptionBatch.Pack([.. captions.Select(c => Padded(c.Reverse()))]); // its forward direction is the backward one

var models = new Dictionary<string, (RadTexModel Model, Optimizer Optimizer)>();
foreach (var precision in cases.Select(c => c.Split('-')[1]).Distinct())
{
    using var scope = NewDisposeScope();
    manual_seed(2).Dispose();
    var model = new RadTexModel(network, precision == "bf16" ? ScalarType.BFloat16 : null);
    scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
    models[precision] = (model, paper.Optimizer.Create(ParameterGroup.ForCaptioning(model, 0, 0, 1e-4))); // rate 0: every step is the same one
}

(double Forward, double Backward) Run(string name, bool train)
{
    using var scope = NewDisposeScope();
    var (model, optimizer) = models[name.Split('-')[1]];
    model.train(train);
    optimizer.ZeroGradients();
    var features = model.Encode(images);
    double forward, backward;
    if (name.StartsWith("packed", StringComparison.Ordinal))
    {
        var losses = CaptioningLoss.Backpropagate(model, model.Decode(features, packed), packed);
        (forward, backward) = (losses.Forward, losses.Backward);
    }
    else
    {
        var patches = model.Textual.Project(features);
        var reverse = model.modules().OfType<BackwardTextualHead>().Single();
        Tensor Loss(CaptionDecoder decoder, CaptionBatch batch) => nn.functional.cross_entropy(
            model.Logits(decoder.Forward(model.Textual.Embed(batch.ForwardTokens, batch.Positions), patches, batch)), batch.ForwardTargets,
            ignore_index: 0);
        var (a, b) = (Loss(model.Textual.Decoder, paddedForward), Loss(reverse.Decoder, paddedBackward));
        (a + b).backward();
        (forward, backward) = (a.item<float>(), b.item<float>());
    }
    optimizer.ClipGradients(10);
    optimizer.Step(1);
    return (forward, backward);
}

var losses = cases.ToDictionary(name => name, name => Run(name, train: false)); // also the warm-up
List<double> None(string _) => [];
var seconds = cases.ToDictionary(name => name, None);
var processorSeconds = cases.ToDictionary(name => name, None);
using var self = Process.GetCurrentProcess();
for (int round = 0; round < rounds; round++)
    foreach (var name in cases)
    {
        self.Refresh();
        var before = self.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        Run(name, train: true);
        seconds[name].Add(clock.Elapsed.TotalSeconds);
        self.Refresh();
        processorSeconds[name].Add((self.TotalProcessorTime - before).TotalSeconds);
        Console.Error.WriteLine($"round {round + 1} {name} {seconds[name][^1]:F2} s, processor {processorSeconds[name][^1]:F2} s");
    }

static double Median(IEnumerable<double> values) => values.Order().ToArray() is var v ? (v[(v.Length - 1) / 2] + v[v.Length / 2]) / 2 : 0;
foreach (var name in cases)
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        @case = name,
        batch = lengths.Length,
        mean_tokens = lengths.Average(),
        threads = get_num_threads(),
        images_per_second = Math.Round(lengths.Length / Median(seconds[name]), 3),
        images_per_processor_second = Math.Round(lengths.Length / Median(processorSeconds[name]), 3),
        step_seconds = seconds[name].Select(s => Math.Round(s, 2)),
        step_processor_seconds = processorSeconds[name].Select(s => Math.Round(s, 2)),
        forward_loss = losses[name].Forward,
        backward_loss = losses[name].Backward,
    }));
var ratios = new Dictionary<string, double>();
foreach (var fast in cases.Where(c => c.StartsWith("packed", StringComparison.Ordinal)))
    foreach (var slow in cases.Where(c => c.StartsWith("padded", StringComparison.Ordinal)))
    {
        ratios[$"{fast} over {slow}"] = Math.Round(Median(seconds[slow].Zip(seconds[fast], (s, f) => s / f)), 2);
        ratios[$"{fast} over {slow}, processor time"] = Math.Round(Median(processorSeconds[slow].Zip(processorSeconds[fast], (s, f) => s / f)), 2);
    }
Console.WriteLine(JsonSerializer.Serialize(ratios));
