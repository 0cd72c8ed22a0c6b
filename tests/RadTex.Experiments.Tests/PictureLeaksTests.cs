using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

/// <summary>A test picture under another patient's id among those learnt from.</summary>
[Collection(nameof(SerialTorch))]
public sealed class PictureLeaksTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Equal_pictures_are_refused_wherever_a_test_figure_is_made()
    {
        using var dataset = Open(32, copies: 2);
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, new(0.05, 1, BatchSize: 6), trials: 1, examples: [null]);
        void Refused(Action action)
        {
            var message = Should.Throw<UserErrorException>(action).Message;
            message.ShouldContain("2 of the ");
            message.ShouldContain("copy0 (patient other0, test) is image0 (patient patient0, train)");
        }
        using var encoder = TinyTransfer.Encoder(0);
        Refused(() => FrozenTransfer.Run(new(encoder, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("frozen"))));
        Refused(() => FineTuning.Run(TinyTransfer.Encoder, dataset, dataset, new(plan, folder.File("tuned"), Compute: new(Precision.Fp32))));
        Refused(() => LabelEfficiencySweep.Run(Protocol.Of("labels", ["Stripes"]), dataset, [], new(folder.File("sweep"), [null], 1)));
    }

    [Fact]
    public void What_was_compared_is_told()
    {
        using var dataset = Open(32, copies: 0);
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, new(0.05, 1, BatchSize: 6), trials: 1, examples: [6]);
        using var encoder = TinyTransfer.Encoder(0);
        FrozenTransfer.Run(new(encoder, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("frozen"))).Notes
            .ShouldContain(
                n => n.StartsWith("None of the ", StringComparison.Ordinal)
                    && n.Contains("equal pixels alone were compared", StringComparison.Ordinal));
    }

    [Fact]
    public void Near_copies_are_told_and_not_refused()
    {
        // A smooth picture and the same one brighter, under another patient.
        const int Side = 128;
        byte[] Blobs(ulong seed, int brighter)
        {
            var random = new CounterRandom(seed);
            (double Y, double X, double Width)[] blobs =
                [.. Enumerable.Range(0, 40).Select(_ => ((double)random.Below(Side), (double)random.Below(Side), 4.0 + random.Below(12)))];
            return [.. Enumerable.Range(0, Side * Side).Select(p =>
                (byte)Math.Clamp(
                    40 + brighter + blobs.Sum(
                        b => 50 * Math.Exp(-((p / Side - b.Y) * (p / Side - b.Y) + (p % Side - b.X) * (p % Side - b.X)) / (2 * b.Width * b.Width))),
                    0, 255))];
        }
        var writer = new PreparedDatasetWriter(["Stripes"], Side) { Synthetic = true };
        for (int i = 0; i < 12; i++)
            writer.Add(new($"image{i}", $"patient{i}", $"study{i}", "PA", Split.Train, null, [i % 2]), Blobs((ulong)i, 0), Side, Side);
        for (int i = 0; i < 4; i++)
            writer.Add(
                new($"test{i}", $"other{i}", $"other{i}", "PA", Split.Test, null, [i % 2]), i == 0 ? Blobs(3, 10) : Blobs((ulong)(100 + i), 0), Side,
                Side);
        writer.Write(folder.File("near"));
        using var dataset = PreparedDataset.Open(folder.File("near"));
        var said = new List<string>();
        var result = LabelEfficiencySweep.Run(Protocol.Of("labels", ["Stripes"]), dataset, [], new(folder.File("sweep"), [6], 1), said.Add);
        var warning = result.Warnings.ShouldHaveSingleItem();
        warning.ShouldStartWith("1 of the 4 test pictures look like training ones");
        warning.ShouldContain("test0 (patient other0, test) looks like image3");
        said.ShouldContain(warning);
        SweepFiles.Write(folder.File("page"), result);
        File.ReadAllText(folder.File("page/report.html")).ShouldContain("test0 (patient other0, test) looks like image3");
    }

    private PreparedDataset Open(int side, int copies)
    {
        using var plain = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("plain")));
        var writer = new PreparedDatasetWriter(plain.LabelNames, side) { Synthetic = true };
        void Add(PreparedRadiograph r, string image, string patient, Split split) =>
            writer.Add(new(image, patient, image, r.View, split, null, r.Labels), plain.Pixels(r.Index).ToArray(), r.Height, r.Width);
        foreach (var r in plain.Radiographs) Add(r, r.ImageId, r.PatientId, r.Split);
        for (int i = 0; i < copies; i++) Add(plain[i], $"copy{i}", $"other{i}", Split.Test);
        writer.Write(folder.File($"dataset{copies}"));
        return PreparedDataset.Open(folder.File($"dataset{copies}"));
    }
}
