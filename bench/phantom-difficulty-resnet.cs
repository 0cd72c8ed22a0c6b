#:project ../src/RadTex/RadTex.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=true
#:property NoWarn=$(NoWarn);CS1591;CA1050;CA1031;CA1305;CA2000;CA1303;CA1852;IDE0040;CA1812;CA1515

// ResNet-18 (one channel, from scratch) on all nine true labels of a folder of synthetic radiographs: what a network can see in them.
//   dotnet run -c Release bench/phantom-difficulty-resnet.cs -- FOLDER TRAIN TEST SIDE EPOCHS THREADS SCORES.csv
// Patients lie together and in order: the first TRAIN images (to a patient's end) are trained on, the next TEST scored.
// Convolutions in bf16 with channels last, batch norm and loss in fp32. bench/phantom-difficulty.py auc SCORES.csv makes the table.

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using NetVips;
using RadTex.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

TorchLibrary.EnsureLoaded();
string root = args[0];
int trainCount = int.Parse(args[1]), testCount = int.Parse(args[2]), side = int.Parse(args[3]), epochs = int.Parse(args[4]);
set_num_threads(int.Parse(args[5]));
manual_seed(0);
const int batch = 32, findings = 9;

var rows = new List<string[]>();
using (var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(root, "phantom-truth.csv.gz")), CompressionMode.Decompress)))
{
    reader.ReadLine();
    while (rows.Count < trainCount + testCount && reader.ReadLine() is { } line) rows.Add(line.Split(','));
}
int first = Math.Min(trainCount, rows.Count - 1);
while (first > 0 && rows[first][2] == rows[first - 1][2]) first--;

var pixels = new float[rows.Count * side * side];
var truth = new float[rows.Count * findings];
Parallel.For(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
{
    var r = rows[i];
    using var image = Image.NewFromFile(Path.Combine(root, "files", "p" + r[2][..2], "p" + r[2], "s" + r[1], r[0] + ".jpg"));
    using var small = image.ThumbnailImage(side, height: side, size: Enums.Size.Force);
    var bytes = small.WriteToMemory<byte>();
    for (int k = 0; k < side * side; k++) pixels[i * side * side + k] = bytes[k];
    for (int f = 0; f < findings; f++) truth[i * findings + f] = r[3 + f] == "1" ? 1 : 0;
});
double mean = pixels.Average(v => (double)v), deviation = Math.Sqrt(pixels.Average(v => (v - mean) * (v - mean)));
var images = ((tensor(pixels).view(rows.Count, 1, side, side) - (float)mean) / (float)deviation).to(ScalarType.BFloat16); // [N, 1, S, S]
var labels = tensor(truth).view(rows.Count, findings);

var net = new ResNet18(findings);
net.train();
var optimizer = optim.AdamW(net.parameters(), 2e-3, weight_decay: 0.05);
int perEpoch = first / batch, steps = epochs * perEpoch;
var clock = Stopwatch.StartNew();
for (int step = 0; step < steps; step++)
{
    using var scope = NewDisposeScope();
    if (step % perEpoch == 0) net.Order = randperm(first).MoveToOuterDisposeScope();
    // One cycle: up over a quarter, down by a cosine.
    double t = (double)step / steps, rate = 2e-3 * (t < 0.25 ? 0.05 + 0.95 * t / 0.25 : 0.5 * (1 + Math.Cos(Math.PI * (t - 0.25) / 0.75)));
    foreach (var group in optimizer.ParamGroups) group.LearningRate = rate;
    using var index = net.Order!.slice(0, step % perEpoch * batch, (step % perEpoch + 1) * batch, 1);
    var x = images.index_select(0, index).to(ScalarType.Float32);
    var jitter = (rand(batch, 3) * 2 - 1) * tensor(new[] { 0.12f, 0.12f, 0.1f }); // shifts of 6%, turns of 6 degrees
    var (c, s) = (jitter.select(1, 2).cos(), jitter.select(1, 2).sin());
    var theta = stack([stack([c, -s, jitter.select(1, 0)], 1), stack([s, c, jitter.select(1, 1)], 1)], 1); // [B, 2, 3]
    x = functional.grid_sample(x, functional.affine_grid(theta, [batch, 1, side, side], false), padding_mode: GridSamplePaddingMode.Border, align_corners: false);
    var loss = functional.binary_cross_entropy_with_logits(net.call(x), labels.index_select(0, index));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step % 20 == 0 || step == steps - 1) Console.Error.WriteLine($"step {step}/{steps} loss {loss.item<float>():F4} {(step + 1) * batch / clock.Elapsed.TotalSeconds:F1} images/s");
}
net.eval();
using var output = new StreamWriter(args[6]);
output.WriteLine("subject_id," + string.Join(',', Enumerable.Range(0, findings).Select(f => $"y{f},s{f}")));
using (no_grad())
    for (int i = first; i < rows.Count; i += 64)
    {
        using var scope = NewDisposeScope();
        int n = Math.Min(64, rows.Count - i);
        var scores = net.call(images.slice(0, i, i + n, 1).to(ScalarType.Float32)).data<float>().ToArray();
        for (int k = 0; k < n; k++)
            output.WriteLine(rows[i + k][2] + "," + string.Join(',', Enumerable.Range(0, findings)
                .Select(f => string.Create(CultureInfo.InvariantCulture, $"{truth[(i + k) * findings + f]},{scores[k * findings + f]:R}"))));
    }
Console.Error.WriteLine($"trained on {first}, scored {rows.Count - first}, {clock.Elapsed.TotalSeconds:F0} s");

sealed class ResNet18 : Module<Tensor, Tensor>
{
    private readonly Conv stem = new(1, 64, 7, 2, 3);
    private readonly ModuleList<Module<Tensor, Tensor>> blocks = new();
    private readonly Linear fc;
    public Tensor? Order;

    public ResNet18(int outputs) : base("ResNet18")
    {
        fc = Linear(512, outputs);
        long channels = 64;
        foreach (long width in new long[] { 64, 128, 256, 512 })
        {
            blocks.Add(new Block(channels, width, width == 64 ? 1 : 2));
            blocks.Add(new Block(width, width, 1));
            channels = width;
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = functional.max_pool2d(stem.call(x.to(ScalarType.BFloat16)).relu_(), 3, 2, 1);
        foreach (var block in blocks) x = block.call(x);
        return fc.call(x.to(ScalarType.Float32).mean([2, 3])).MoveToOuterDisposeScope(); // [B, 9]
    }
}

// A convolution with fp32 weights laid channels last and used in bf16, and its batch norm in fp32.
sealed class Conv : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly BatchNorm2d norm;
    private readonly long stride, padding;

    public Conv(long from, long to, long kernel, long stride, long padding) : base("Conv")
    {
        (this.stride, this.padding) = (stride, padding);
        using var _ = no_grad();
        var w = randn(to, from, kernel, kernel) * Math.Sqrt(2.0 / (to * kernel * kernel)); // kaiming, fan out
        weight = new Parameter(w.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).clone());
        norm = BatchNorm2d(to);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (x.shape[1] == 1) x = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var y = functional.conv2d(x, weight.to(ScalarType.BFloat16), null, [stride, stride], [padding, padding]);
        return norm.call(y).MoveToOuterDisposeScope(); // fp32 statistics and weights, bf16 in and out
    }
}

sealed class Block : Module<Tensor, Tensor>
{
    private readonly Conv conv1, conv2;
    private readonly Conv? downsample;

    public Block(long from, long to, long stride) : base("Block")
    {
        (conv1, conv2) = (new Conv(from, to, 3, stride, 1), new Conv(to, to, 3, 1, 1));
        if (from != to) downsample = new Conv(from, to, 1, stride, 0);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var shortcut = downsample is null ? x : downsample.call(x);
        return (conv2.call(conv1.call(x).relu_()) + shortcut).relu_().MoveToOuterDisposeScope();
    }
}
