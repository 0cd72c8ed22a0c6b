#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// The whole captioning step (preset paper: ResNet-50, 256 px, width 1024, 31,090 words, batch 16) beside PyTorch doing it VirTex's way, same weights
// and captions. dotnet run -c Release bench/captioning.cs -- [--lengths open-i|mimic] [--rounds 3] [--threads 2] [--peers
// fp32-longest,bf16-longest,fp32-170] Run it with the allocator that radtex gives itself (MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_ARENA_MAX=1
// MALLOC_MMAP_MAX_=0 MALLOC_TOP_PAD_=16777216): the peer inherits it. Steps take turns, so that a busy machine slows all alike; a ratio is the median
// over rounds of the round's own. Then the encoder alone against the measured peak of bfloat16 matmul, and the most memory this process had. The peer
// needs python3-torch, python3-torchvision, libopenblas0-pthread.

using System.Diagnostics;
using System.Text.Json;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using static TorchSharp.torch;

TorchLibrary.EnsureLoaded();
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at ? args[at + 1] : otherwise;
int rounds = int.Parse(Option("--rounds", "3")), threads = int.Parse(Option("--threads", "2"));
string[] peers = Option("--peers", "fp32-longest,bf16-longest,fp32-170").Split(',', StringSplitOptions.RemoveEmptyEntries);
var kind = Option("--lengths", "open-i");
set_num_threads(threads);

// Tokens of a caption, [CLS] and [SEP] included, at sixteen evenly spaced quantiles: of Open-I's 3,425 findings under SciBERT's vocabulary, and of a
// longer-tailed distribution of mean 61 in the manner of MIMIC-CXR.
int[] lengths = kind == "open-i"
    ? [20, 25, 28, 31, 34, 36, 39, 41, 44, 47, 49, 53, 57, 63, 72, 89]
    : [20, 27, 33, 38, 43, 47, 51, 55, 59, 63, 67, 72, 79, 88, 101, 128];
var paper = ConfigurationReader.Read("paper");
var network = new ModelConfiguration();
var random = new Random(1);
List<int[]> captions = [.. lengths.Select(
    n => (int[])[network.StartToken, .. Enumerable.Range(0, n - 2).Select(_ => random.Next(105, network.VocabularySize)), network.EndToken])];
using var gate = manual_seed(1);
using var images = rand(lengths.Length, 1, paper.Image.Size, paper.Image.Size);
using var packed = CaptionBatch.Pack(captions);

RadTexModel model;
Optimizer optimizer;
{
    using var scope = NewDisposeScope();
    manual_seed(2).Dispose();
    model = new RadTexModel(network, ScalarType.BFloat16);
    scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
    optimizer = paper.Optimizer.Create(ParameterGroup.ForCaptioning(model, 0, 0, 1e-4)); // rate 0: every step is the same one
}
var work = Directory.CreateTempSubdirectory("captioning-").FullName;
SafeTensors.Write(Path.Combine(work, "weights.safetensors"),
    [.. model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), .. model.named_buffers()
        .Where(b => !b.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Select(b => (b.name, b.buffer)), ("images", images)]);
File.WriteAllText(Path.Combine(work, "case.json"), JsonSerializer.Serialize(new
{
    threads, captions, backbone = network.Backbone, channels = 1, vocab = network.VocabularySize, hidden = network.Hidden, layers = network.Layers,
        heads = network.Heads,
    feedforward = network.Feedforward, max_length = network.MaxTokens, dropout = network.Dropout,
}));

(double Forward, double Backward) Step(bool train)
{
    using var scope = NewDisposeScope();
    model.train(train);
    if (!train)
    {
        using var _ = no_grad();
        var evaluated = CaptioningLoss.Evaluate(model, model.Decode(model.Encode(images), packed), packed);
        return (evaluated.Forward, evaluated.Backward);
    }
    optimizer.ZeroGradients();
    var losses = CaptioningLoss.Backpropagate(model, model.Decode(model.Encode(images), packed), packed);
    optimizer.ClipGradients(10);
    optimizer.Step(1);
    return (losses.Forward, losses.Backward);
}

static double Median(IEnumerable<double> values) => values.Order().ToArray() is var v ? (v[(v.Length - 1) / 2] + v[v.Length / 2]) / 2 : 0;
double Seconds(Action run)
{
    var clock = Stopwatch.StartNew();
    run();
    return clock.Elapsed.TotalSeconds;
}

using var peer = peers.Length > 0 ? new Peer(work) : null;
var lossOf = new Dictionary<string, (double Forward, double Backward)> { ["radtex bf16"] = Step(train: false) };
foreach (var name in peers) lossOf[$"PyTorch {name}"] = peer!.Ask($"loss {name}").Losses;
for (int i = 0; i < 3; i++) Step(train: true); // until what is freed suffices for what is asked for
foreach (var name in peers)
    for (int i = 0; i < 2; i++) peer!.Ask(name);
var own = new List<double>();
var theirs = peers.ToDictionary(name => name, _ => new List<double>());
for (int round = 0; round < rounds; round++)
{
    own.Add(Seconds(() => Step(train: true)));
    foreach (var name in peers) theirs[name].Add(peer!.Ask(name).Seconds);
    Console.Error.WriteLine($"round {round + 1}: radtex {own[^1]:F2} s{string.Concat(peers.Select(n => $", {n} {theirs[n][^1]:F2} s"))}");
}
Console.WriteLine(
    $"\nBatch 16, lengths {kind} (mean {lengths.Average():0.0}, longest {lengths.Max()}), {threads} threads, "
        + $"{rounds} rounds.\n\n| step | seconds | images/s | times as fast | forward loss | backward loss |\n| --- | --- "
        + "| --- | --- | --- | --- |");
Console.WriteLine(
    $"| radtex bf16 | {Median(own):F2} | {16 / Median(own):F2} | | {lossOf["radtex bf16"].Forward:F5} | {lossOf["radtex bf16"].Backward:F5} |");
foreach (var name in peers)
    Console.WriteLine(
        $"| PyTorch {name} | {Median(theirs[name]):F2} | {16 / Median(theirs[name]):F2} | "
            + $"**{Median(theirs[name].Zip(own, (t, o) => t / o)):F2}** | {lossOf[$"PyTorch {name}"].Forward:F5} | "
            + $"{lossOf[$"PyTorch {name}"].Backward:F5} |");
var most = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(':')[1].Trim();
Console.WriteLine($"\nMost memory of the radtex process: {long.Parse(most.Split(' ')[0]) / 1048576.0:F2} GiB.");

// The encoder alone: forward and backward of every convolution but the first one's gradient of the image.
double flops = 0;
{
    int side = paper.Image.Size;
    void Convolution(int from, int to, int kernel, int stride, bool needsImageGradient = true)
    {
        flops += 2.0 * from * to * kernel * kernel * (side / stride) * (side / stride) * (needsImageGradient ? 3 : 2);
    }
    Convolution(1, 64, 7, 2, false);
    side /= 4;
    int width = 64;
    foreach (var (planes, blocks) in new[] { (64, 3), (128, 4), (256, 6), (512, 3) })
        for (int b = 0; b < blocks; b++)
        {
            int stride = b == 0 && planes > 64 ? 2 : 1;
            Convolution(width, planes, 1, 1);
            Convolution(planes, planes, 3, stride);
            if (b == 0) Convolution(width, planes * 4, 1, stride);
            side /= stride;
            Convolution(planes, planes * 4, 1, 1);
            width = planes * 4;
        }
}
void Encoder()
{
    using var scope = NewDisposeScope();
    model.train();
    optimizer.ZeroGradients();
    model.Encode(images).to(ScalarType.Float32).mean().backward();
}
using var matrix = rand(4096, 4096).to(ScalarType.BFloat16);
void Multiply()
{
    using var scope = NewDisposeScope();
    using var _ = no_grad();
    matrix.mm(matrix);
}
Encoder();
Multiply();
List<double> encoder = [], peak = [];
for (int round = 0; round < 2 * rounds; round++)
{
    encoder.Add(16 * flops / Seconds(Encoder) / 1e9);
    peak.Add(2 * Math.Pow(4096, 3) * 3 / Seconds(() => { for (int i = 0; i < 3; i++) Multiply(); }) / 1e9);
}
Console.WriteLine(
    $"Encoder alone, forward and backward: {16e9 * Median(encoder) / (16 * flops):F2} images/s, {flops / 1e9:F1} "
        + $"GFLOP a radiograph, {Median(encoder):F0} GFLOP/s; bfloat16 matmul of 4096: {Median(peak):F0} GFLOP/s; part of "
        + $"that peak **{Median(encoder.Zip(peak, (e, p) => e / p)):F2}**.");
Directory.Delete(work, true);

sealed class Peer : IDisposable
{
    private readonly Process process;

    internal Peer(string work)
    {
        var script = Path.Combine("bench", "peers", "captioning.py");
        process = Process.Start(
            new ProcessStartInfo("/usr/bin/python3",
                [script, Path.Combine(work, "weights.safetensors"), Path.Combine(work, "case.json")]) { RedirectStandardInput = true,
                RedirectStandardOutput = true })!;
    }

    internal (double Seconds, (double, double) Losses) Ask(string step)
    {
        process.StandardInput.WriteLine(step);
        var words = (process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the peer ended")).Split(' ');
        return (double.Parse(words[0]), (double.Parse(words[1]), double.Parse(words[2])));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
