#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// Where a captioning step's time goes (preset paper, batch 16, Open-I's lengths), part by part, beside the arithmetic and the memory traffic that a
// part cannot do without. dotnet run -c Release bench/profile.cs -- [--threads 2] [--rounds 5]
// Run it with the allocator that radtex gives itself, as bench/captioning.cs. Each part runs alone, forward and backward, on inputs of the right
// size; medians. Floors: matrix products and convolutions at the measured bfloat16 peak of a 4096 product; the optimiser's bytes at the measured rate
// of copying 256 MB.

using System.Diagnostics;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using static TorchSharp.torch;

TorchLibrary.EnsureLoaded();
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at ? args[at + 1] : otherwise;
int rounds = int.Parse(Option("--rounds", "5")), threads = int.Parse(Option("--threads", "2"));
set_num_threads(threads);
int[] lengths = [20, 25, 28, 31, 34, 36, 39, 41, 44, 47, 49, 53, 57, 63, 72, 89]; // as in bench/captioning.cs
var paper = ConfigurationReader.Read("paper");
var network = new ModelConfiguration();
var random = new Random(1);
using var captions = CaptionBatch.Pack(
    [.. lengths.Select(
        n => (int[])[network.StartToken, .. Enumerable.Range(0, n - 2).Select(_ => random.Next(105, network.VocabularySize)), network.EndToken])]);
using var gate = manual_seed(1);
int B = lengths.Length, side = paper.Image.Size;
using var images = rand(B, 1, side, side);
RadTexModel model;
Optimizer optimizer;
{
    using var scope = NewDisposeScope();
    model = new RadTexModel(network, ScalarType.BFloat16);
    scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
    optimizer = paper.Optimizer.Create(ParameterGroup.ForCaptioning(model, 0, 0, 1e-4));
}
model.train();

double Seconds(Action run)
{
    var clock = Stopwatch.StartNew();
    run();
    return clock.Elapsed.TotalSeconds;
}
static double Median(IEnumerable<double> values) => values.Order().ToArray() is var v ? (v[(v.Length - 1) / 2] + v[v.Length / 2]) / 2 : 0;

using var matrix = rand(4096, 4096).to(ScalarType.BFloat16);
using var from = rand(64 << 20);
using var to = zeros_like(from);
double Peak() => 2 * Math.Pow(4096, 3) * 3 / Seconds(() => { using var scope = NewDisposeScope(); for (int i = 0; i < 3; i++) matrix.mm(matrix); });
double Rate() => 2.0 * 4 * from.numel() / Seconds(() => to.copy_(from));
List<double> steps = [];
for (int i = 0; i < rounds + 3; i++) // the first ones until what is freed suffices for what is asked for
    steps.Add(Seconds(() =>
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGradients();
        CaptioningLoss.Backpropagate(model, model.Decode(model.Encode(images), captions), captions);
        optimizer.ClipGradients(10);
        optimizer.Step(1);
    }));
Peak();
Rate();
double peak = Median(Enumerable.Range(0, rounds).Select(_ => Peak())), rate = Median(Enumerable.Range(0, rounds).Select(_ => Rate()));
Console.WriteLine(
    $"Measured peaks, {threads} threads: {peak / 1e9:F0} GFLOP/s (bfloat16 product of 4096), {rate / 1e9:F1} GB/s "
        + "(copy of 256 MB, read and written).\n");
Console.WriteLine("| part | forward, ms | backward, ms | GFLOP | GB | floor, ms | part of floor |\n| --- | --- | --- | --- | --- | --- | --- |");

double sum = 0, sumFloor = 0;
void Row(string name, double forward, double backward, double flops, double bytes)
{
    double floor = flops / peak + bytes / rate;
    (sum, sumFloor) = (sum + forward + backward, sumFloor + floor);
    Console.WriteLine(
        $"| {name} | {forward * 1e3:F0} | {backward * 1e3:F0} | {(flops > 0 ? $"{flops / 1e9:F0}" : "")} | "
            + $"{(bytes > 0 ? $"{bytes / 1e9:F2}" : "")} | {floor * 1e3:F0} | {floor / (forward + backward):F2} |");
}

// Forward and backward of a part, its input a leaf that wants a gradient.
Tensor Part(string name, Func<Tensor, Tensor> run, Tensor input, double flops, double bytes = 0)
{
    List<double> forward = [], backward = [];
    Tensor? kept = null;
    for (int i = 0; i <= rounds; i++)
    {
        using var scope = NewDisposeScope();
        var leaf = input.detach().alias().requires_grad_(input.is_floating_point() && input.requires_grad);
        Tensor output = null!;
        forward.Add(Seconds(() => output = run(leaf)));
        var gradient = ones_like(output) * 1e-3;
        backward.Add(Seconds(() => output.backward([gradient])));
        if (i == rounds) kept = output.detach().MoveToOuterDisposeScope().requires_grad_();
    }
    Row(name, Median(forward.Skip(1)), Median(backward.Skip(1)), flops, bytes);
    return kept!;
}

using (NewDisposeScope())
{
    var parts = model.Encoder.named_children().ToDictionary(c => c.name, c => (nn.Module<Tensor, Tensor>)c.module);
    double Convolution(int from, int to, int kernel, int side, bool needsImageGradient = true) =>
        2.0 * B * from * to * kernel * kernel * side * side * (needsImageGradient ? 3 : 2);
    var input = images.to(ScalarType.BFloat16).as_strided([B, 1, side, side], [side * side, 1, side, 1]);
    var x = Part(
        "encoder: first convolution, norm, pooling",
        i => nn.functional.max_pool2d(((BatchNorm)parts["bn1"]).Normalise(parts["conv1"].forward(i), rectify: true), 3, 2, 1), input,
        Convolution(1, 64, 7, side / 2, false));
    int width = 64, cells = side / 4;
    foreach (var (planes, blocks, stage) in new[] { (64, 3, 1), (128, 4, 2), (256, 6, 3), (512, 3, 4) })
    {
        double flops = 0;
        for (int b = 0; b < blocks; b++)
        {
            int before = cells;
            if (b == 0 && stage > 1) cells /= 2;
            flops += Convolution(width, planes, 1, before) + Convolution(planes, planes, 3, cells) + Convolution(planes, planes * 4, 1, cells);
            if (b == 0) flops += Convolution(width, planes * 4, 1, cells);
            width = planes * 4;
        }
        x = Part($"encoder: stage {stage}", parts[$"layer{stage}"].forward, x, flops);
    }
    double N = captions.Count, D = network.Hidden, V = network.VocabularySize, F = network.Feedforward, P = B * cells * cells;
    var patches = Part("visual projection", model.Textual.Project, x, 6 * P * width * D);
    model.Textual.Embed(captions.ForwardTokens, captions.Positions).Dispose();
    var hidden = Part("embedding, one direction", _ => model.Textual.Embed(captions.ForwardTokens, captions.Positions), images, 0, 3 * 4 * N * D);
    double layer = 6 * (N * D * (6 * D + 2 * F) + P * D * 2 * D);
    foreach (var direction in new[] { "forward", "backward" })
        Part($"decoder, {direction}", h => model.Textual.Decoder.Forward(h, patches, captions), hidden, layer);
    using var both = cat([hidden, hidden]).detach().requires_grad_();
    using var targets = cat([captions.ForwardTargets, captions.BackwardTargets]);
    var losses = Enumerable.Range(0, rounds + 1).Select(_ => Seconds(() =>
    {
        using var scope = NewDisposeScope();
        TokenCrossEntropy.Sum(both, model.Textual.OutputWeight, model.Textual.OutputBias, targets, model.Compute, 1e-3).Sum.backward();
    })).Skip(1);
    Row("output layer and loss, both directions", Median(losses), 0, 6 * 2 * N * D * V, 0);
    double count = model.parameters().Sum(p => p.numel());
    Row(
        "gradients to zero, norm",
        Median(Enumerable.Range(0, rounds).Select(_ => Seconds(() => { optimizer.ZeroGradients(); optimizer.ClipGradients(10); }))), 0, 0,
        2 * 4 * count);
    Row(
        "SGD and Lookahead", Median(Enumerable.Range(0, 5 * rounds).Select(_ => Seconds(() => optimizer.Step(1))).Chunk(5).Select(c => c.Average())),
        0, 0, 5 * 4 * count);
}
Console.WriteLine(
    $"| **sum** | {sum * 1e3:F0} | | | | {sumFloor * 1e3:F0} | {sumFloor / sum:F2} |\n| **whole step** | "
        + $"{Median(steps.Skip(3)) * 1e3:F0} | | | | {sumFloor * 1e3:F0} | {sumFloor / Median(steps.Skip(3)):F2} |");
Console.WriteLine($"\nThe peak after all that: {Median(Enumerable.Range(0, rounds).Select(_ => Peak())) / 1e9:F0} GFLOP/s.");
