using NetVips;
using Parquet;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Prediction.Evaluation;
using RadTex.Studies;
using RadTex.Studies.Tables;
using TorchSharp;

namespace RadTex.Cli.Tests;

/// <summary>What is deployed is what was measured: a picture file reaches a model as the dataset's row of it did.</summary>
public sealed class OnePathTests : IDisposable
{
    private const int InputSide = 64, BatchSize = 8, Count = 40;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// Where the short side is the input's, where it is larger, and where a large JPEG is decoded at half its size for the one and a quarter for the
    /// other.
    /// </summary>
    [Theory]
    [InlineData(InputSide)]
    [InlineData(90)]
    [InlineData(128)]
    public async Task Files_and_rows_of_a_dataset_of_any_short_side_give_the_same_bits(int shortSide)
    {
        using var dataset = Prepare(shortSide);
        using (var made = TinyEncoder.Make(side: InputSide))
        {
            SeeOnce(made, dataset);
            EncoderFolder.Write(folder.File("encoder"), made.Encoder, made.Card with { WeightsSha256 = "" }, SeenRadiographs.Nothing);
        }
        using var source = EncoderSource.Open(folder.File("encoder"), 0, InputSide);
        var extractor = new FeatureExtractor(source, new(Precision.Fp32, Batch: BatchSize));
        FrozenTransfer.Run(extractor, dataset, dataset, new(new([new("bright")], [null], 1, [HeadKind.Logistic]), folder.File("heads")));
        var test = dataset.IndicesOf(Split.Test);
        test.Count.ShouldBe(BatchSize); // one batch here as there: rounding depends on a batch's size
        string[] files = [.. test.Select(i => folder.File($"pictures/{dataset[i].ImagePath}"))];
        files.Select(Path.GetExtension).Distinct().Order().ShouldBe([".dcm", ".jpg", ".png"]);

        var head = TrainedHead.Read(folder.File("heads"), source.Card.WeightsSha256, []).ShouldHaveSingleItem();
        head.Preparation.ShouldBe(dataset.Preparation);
        head.Preparation!.ShortSide.ShouldBe(shortSide);

        using var torchModel = new TorchRadiographModel(extractor, source, [head]);
        // These pictures are no chests: all are judged, whatever the gate says.
        var predicted = Predictions.Run(torchModel, files, BatchSize, judgeAll: true);
        predicted.Probabilities.Select(p => p[0]).ShouldBe(await Transferred());
        predicted.Probabilities.Select(p => p[0]).Distinct().Count().ShouldBe(BatchSize);
        IRadiographModel model = torchModel;
        using (var rows = model.Pipeline().Rows(dataset, test))
            model.Probabilities(rows.Images, rows.Count).ShouldBe(predicted.Probabilities.SelectMany(p => p));

        // evaluate: of the dataset's test split and of a table of the same files.
        var table = folder.File("pictures/test.csv");
        File.WriteAllLines(
            table, ["image,patient_id,bright", .. test.Select(i => $"{dataset[i].ImagePath},{dataset[i].PatientId},{dataset[i].Labels[0]}")]);
        foreach (
            var data in (LabelledPictures[])[new DatasetPictures(dataset.Folder, Split.Test),
                new TablePictures(table, new TableColumns(Labels: ["bright"]))])
            using (data)
                ScoredPictures.Of(torchModel, data, [.. Enumerable.Range(0, BatchSize)], BatchSize, judgeAll: true, null, default).Probabilities
                    .Select(p => p![0]).ShouldBe(predicted.Probabilities.Select(p => p[0]));

        using var onnx = InMemoryModel.Of(source, [head]);
        var other = Predictions.Run(onnx, files, BatchSize, judgeAll: true);
        predicted.Probabilities.Zip(other.Probabilities).Max(p => Math.Abs(p.First[0] - p.Second[0])).ShouldBeLessThanOrEqualTo(5e-6f);

        foreach (var file in files) File.Copy(file, Path.Combine(Directory.CreateDirectory(folder.File("tested")).FullName, Path.GetFileName(file)));
        FolderEmbedding.Run(extractor, folder.File("tested"), folder.File("embedded"), dataset.Preparation).Embedded.ShouldBe(BatchSize);
        int[] byName = [.. test.OrderBy(i => Path.GetFileName(dataset[i].ImagePath), StringComparer.Ordinal)];
        extractor.Extract(dataset, byName, folder.File("rows"));
        File.ReadAllBytes(folder.File("embedded/features.npy")).ShouldBe(File.ReadAllBytes(folder.File("rows/features.npy")));
    }

    [Fact]
    public void Files_are_read_to_the_bytes_of_the_dataset()
    {
        using var dataset = Prepare(90);
        var pipeline = new InputPipeline(dataset.Preparation, new(InputSide));
        foreach (var row in dataset.Radiographs)
        {
            var (picture, fault, _) = pipeline.Read(folder.File($"pictures/{row.ImagePath}"));
            fault.ShouldBeNull();
            (picture!.Height, picture.Width).ShouldBe((row.Height, row.Width));
            picture.Pixels.ShouldBe(dataset.Pixels(row.Index).ToArray(), row.ImagePath);
        }
    }

    [Fact]
    public void Encoder_alone_reads_files_as_those_it_learnt_from()
    {
        var card = new EncoderCard("resnet18", 4, 1, 64, "max", "MONOCHROME2", 32, "made", false, "", "liao", 90);
        card.Preparation().ShouldBe(new(90, "liao"));
        (card with { ShortSide = null, Intensity = null }).Preparation().ShouldBe(new(64, "display"));
    }

    [Fact]
    public void Preparation_that_gives_less_than_the_input_is_refused()
    {
        Should.Throw<UserErrorException>(() => new InputPipeline(new(63, "display"), new(64))).Message.ShouldContain("63 px");
        Should.Throw<UserErrorException>(() => new InputPipeline(new(100_000, "display"), new(64))).Message.ShouldContain("4,096");
        Should.Throw<UserErrorException>(() => new InputPipeline(new(64, "bright"), new(64))).Message.ShouldContain("display, liao, equalised");
    }

    [Fact]
    public void Dataset_of_another_short_side_or_intensity_is_told()
    {
        using var dataset = Prepare(90);
        new PicturePreparation(90, "display").DifferenceFrom(dataset).ShouldBeNull();
        new PicturePreparation(128, "display").DifferenceFrom(dataset)!
            .ShouldContain("a short side of 90 px and intensity display, the model reads pictures with a short side of 128 px");
        new PicturePreparation(90, "liao").DifferenceFrom(dataset).ShouldNotBeNull();
    }

    [Fact]
    public void Heads_of_an_earlier_version_that_state_no_short_side_are_refused_with_what_to_do()
    {
        using var dataset = Prepare(InputSide);
        using var source = TinyEncoder.Make(side: InputSide);
        var extractor = new FeatureExtractor(source, new(Precision.Fp32, Batch: BatchSize));
        FrozenTransferOptions options = new(new([new("bright")], [null], 1, [HeadKind.Logistic]), folder.File("heads"), EncoderPatientsDiffer: true);
        FrozenTransfer.Run(extractor, dataset, dataset, options);
        var list = folder.File("heads/heads.json");
        var entries = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(list))!.AsArray();
        foreach (var entry in entries) entry!.AsObject().Remove("preparation").ShouldBeTrue();
        File.WriteAllText(list, entries.ToJsonString());

        Should.Throw<UserErrorException>(() => TrainedHead.Read(folder.File("heads"), source.Card.WeightsSha256, [])).Message
            .ShouldContain("Run the same transfer into the folder again");
        FrozenTransfer.Run(extractor, dataset, dataset, options);
        TrainedHead.Read(folder.File("heads"), source.Card.WeightsSha256, []).ShouldHaveSingleItem().Preparation.ShouldBe(dataset.Preparation);
    }

    private async Task<float[]> Transferred()
    {
        using var stream = File.OpenRead(folder.File("heads/predictions.parquet"));
        var reader = await ParquetReader.CreateAsync(stream);
        using var group = reader.OpenRowGroupReader(0);
        var values = new double[(int)group.RowCount];
        await group.ReadAsync<double>(reader.Schema.DataFields.Single(f => f.Name == "probability"), values.AsMemory());
        return [.. values.Select(v => (float)v)];
    }

    /// <summary>Four formats in turn, sizes that make every kind of reduction, through the command that prepares.</summary>
    private PreparedDataset Prepare(int shortSide)
    {
        Directory.CreateDirectory(folder.File("pictures"));
        var table = new List<string> { "image,patient_id,view,split,bright" };
        for (int i = 0; i < Count; i++)
        {
            bool bright = Draw(i) % 2 == 0;
            int height = 150 + 37 * (i % 5), width = 160 + 29 * (i % 7);
            var name = $"p{i:00}.{(i % 4) switch { 2 => "jpg", 3 => "dcm", _ => "png" }}";
            if (i % 4 == 2) (height, width) = (height * 4, width * 4);
            Write(folder.File($"pictures/{name}"), i, height, width, bright);
            table.Add($"{name},patient{i},PA,{(i % 5 == 4 ? "test" : i % 5 == 3 ? "validate" : "train")},{(bright ? 1 : 0)}");
        }
        File.WriteAllLines(folder.File("pictures/table.csv"), table);
        var result = RadTexProcess.Run(
            "prepare", "table", folder.File("pictures/table.csv"), "--label-columns", "bright", "--short-side", $"{shortSide}", "--out",
            folder.File("dataset"));
        result.ExitCode.ShouldBe(0, result.Error);
        return PreparedDataset.Open(folder.File("dataset"));
    }

    private static void Write(string path, int seed, int height, int width, bool bright)
    {
        int Value(int x, int y) =>
            900 + (int)(700 * Math.Sin((x + 7 * seed) * (bright ? 0.09 : 0.05)) * Math.Cos(y * 0.06)) + (x * 31 + y * 17 + seed * 101) % 97;
        if (path.EndsWith(".dcm", StringComparison.Ordinal))
        {
            DicomDocument.Radiograph(width, height, Value, photometric: "MONOCHROME1").Write(path);
            return;
        }
        int[] values = [.. Enumerable.Range(0, height * width).Select(p => Value(p % width, p / width))];
        using var made = seed % 4 == 1
            ? Image.NewFromMemory(Array.ConvertAll(values, v => (ushort)(v * 20)), width, height, 1, Enums.BandFormat.Ushort)
            : Image.NewFromMemory(Array.ConvertAll(values, v => (byte)(v / 8)), width, height, 1, Enums.BandFormat.Uchar);
        using var image = made.Format == Enums.BandFormat.Ushort ? made.Copy(interpretation: Enums.Interpretation.Grey16) : made.Copy();
        if (path.EndsWith(".jpg", StringComparison.Ordinal)) image.Jpegsave(path, q: 92);
        else image.Pngsave(path);
    }

    private static int Draw(int i) => new CounterRandom(3, (ulong)i).Below(1000);

    // Batch norms that have seen such pictures: with made-up statistics the features would hardly differ between two of them.
    private static void SeeOnce(EncoderSource source, PreparedDataset dataset)
    {
        using var images = new RadiographBatches(dataset, source.Input()).CentreViews([.. Enumerable.Range(0, dataset.Count)]);
        using var _ = torch.no_grad();
        source.Encoder.train();
        for (int i = 0; i < 40; i++) source.Encoder.forward(images).Dispose();
        source.Encoder.eval();
    }
}
