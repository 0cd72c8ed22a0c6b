using System.Diagnostics;
using System.Text.Json.Nodes;
using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class PreparedDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public PreparedDatasetTests() => path = TinyDataset.Write(folder.File("tiny"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Dataset_written_and_opened_gives_every_value_back()
    {
        using var dataset = PreparedDataset.Open(path);

        dataset.Count.ShouldBe(12);
        dataset.LabelNames.ShouldBe(TinyDataset.Labels);
        dataset.ShortSide.ShouldBe(TinyDataset.ShortSide);
        dataset.Manifest.Synthetic.ShouldBeTrue();
        for (int i = 0; i < dataset.Count; i++)
        {
            var row = dataset[i];
            row.Index.ShouldBe(i);
            row.ImageId.ShouldBe($"image{i}");
            row.PatientId.ShouldBe($"patient{i / 2}");
            row.StudyId.ShouldBe($"study{i}");
            row.View.ShouldBe(i % 2 == 0 ? "PA" : "AP");
            row.Split.ShouldBe((Split)(i / 2 % 3));
            row.Text.ShouldBe(i % 5 == 0 ? null : $"Finding number {i}.");
            row.Labels.ShouldBe([i % 4 == 0 ? null : i % 4 - 2, i % 2]);
            dataset.Pixels(i).SequenceEqual(TinyDataset.Image(i, row.Height * row.Width)).ShouldBeTrue();
        }
        dataset.IndicesOf(Split.Validate).ShouldBe([2, 3, 8, 9]);
    }

    [Fact]
    public void Manifest_counts_labels_and_splits()
    {
        using var dataset = PreparedDataset.Open(path);

        dataset.Manifest.Labels.ShouldBe([new LabelCounts("Edema", 3, 3, 3, 3), new LabelCounts("Lung Opacity", 6, 6, 0, 0)]);
        dataset.Manifest.Splits["train"].ShouldBe(new SplitCounts(4, 4, 2));
        dataset.Manifest.Text.WithText.ShouldBe(9);
    }

    [Fact]
    public void Label_not_in_the_dataset_is_refused_naming_those_it_has()
    {
        using var dataset = PreparedDataset.Open(path);

        dataset.LabelIndex("lung opacity").ShouldBe(1);
        Should.Throw<UserErrorException>(() => dataset.LabelIndex("Hernia")).Message.ShouldContain("Edema, Lung Opacity");
    }

    [Fact]
    public void Pixels_after_disposal_are_refused()
    {
        var dataset = PreparedDataset.Open(path);
        dataset.Dispose();

        Should.Throw<ObjectDisposedException>(() => { _ = dataset.Pixels(0).Length; });
    }

    [Fact]
    public void Hash_is_what_sha256sum_prints()
    {
        using var dataset = PreparedDataset.Open(path);
        var shell = new ProcessStartInfo("sh", ["-c", "sha256sum pixels.npy rejects.csv studies.parquet | sha256sum"])
        {
            WorkingDirectory = path,
            RedirectStandardOutput = true,
        };

        using var process = Process.Start(shell)!;
        var printed = process.StandardOutput.ReadToEnd();

        printed.ShouldStartWith(dataset.Hash);
    }

    [Theory]
    [InlineData("pixels.npy")]
    [InlineData("studies.parquet")]
    [InlineData("rejects.csv")]
    public void File_missing_or_cut_off_is_named(string name)
    {
        using (var stream = File.OpenWrite(Path.Combine(path, name))) stream.SetLength(stream.Length - 1);
        Should.Throw<UserErrorException>(() => PreparedDataset.Open(path)).Message.ShouldContain(name);

        File.Delete(Path.Combine(path, name));
        Should.Throw<UserErrorException>(() => PreparedDataset.Open(path)).Message.ShouldContain($"{name} is missing");
    }

    [Theory]
    [InlineData("count", 13)]
    [InlineData("count", 0)]
    [InlineData("count", int.MaxValue)]
    [InlineData("short_side", 7)]
    [InlineData("format_version", 2)]
    public void Manifest_that_does_not_fit_is_refused(string key, int value)
    {
        EditManifest(manifest => manifest[key] = value);

        Should.Throw<UserErrorException>(() => PreparedDataset.Open(path));
    }

    [Theory]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999,), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (864,), }")]
    [InlineData("{'descr': '|u1', 'fortran_order': True, 'shape': (864, 1), }")]
    [InlineData("import os")]
    public void Pixel_file_with_another_header_is_refused(string header)
    {
        var pixels = Path.Combine(path, DatasetFiles.Pixels);
        var bytes = File.ReadAllBytes(pixels);
        System.Text.Encoding.ASCII.GetBytes(header.PadRight(117) + "\n").CopyTo(bytes, 10);
        File.WriteAllBytes(pixels, bytes);

        Should.Throw<UserErrorException>(() => PreparedDataset.Open(path)).Message.ShouldContain("pixels.npy");
    }

    [Fact]
    public void Any_damaged_byte_of_the_table_opens_wrong_or_is_one_line_never_a_crash()
    {
        var table = Path.Combine(path, DatasetFiles.Studies);
        var good = File.ReadAllBytes(table);
        var random = new Random(1);
        for (int trial = 0; trial < 150; trial++)
        {
            var bad = (byte[])good.Clone();
            for (int i = 0; i < 3; i++) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(table, bad);
            try { using (PreparedDataset.Open(path)) { } }
            catch (UserErrorException) { }
            if (!bad.AsSpan().SequenceEqual(good)) Should.Throw<UserErrorException>(() => DatasetVerifier.Verify(path));
        }
    }

    [Fact]
    public void Folder_without_manifest_is_no_dataset()
    {
        Should.Throw<UserErrorException>(() => PreparedDataset.Open(folder.Path)).Message.ShouldContain("manifest.json");

        Directory.Move(path, path + ".partial");
        Should.Throw<UserErrorException>(() => PreparedDataset.Open(path)).Message.ShouldContain("run the same");
    }

    [Fact]
    public void Table_whose_offsets_lead_out_of_the_pixels_is_refused()
    {
        using (var dataset = PreparedDataset.Open(path))
        {
            var rows = dataset.Radiographs.Select(r => r with { PixelOffset = r.PixelOffset + (r.Index == 3 ? 1L << 40 : 0) }).ToArray();
            StudiesTable.Write(Path.Combine(path, DatasetFiles.Studies), rows, rows.Select(r => r.Text), dataset.LabelNames);
        }
        EditManifest(manifest => manifest["files"]!["studies.parquet"]!["bytes"] = new FileInfo(Path.Combine(path, DatasetFiles.Studies)).Length);

        Should.Throw<UserErrorException>(() => PreparedDataset.Open(path)).Message.ShouldContain("row 3: pixel offset");
    }

    private void EditManifest(Action<JsonObject> edit)
    {
        var file = Path.Combine(path, DatasetFiles.Manifest);
        var manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        edit(manifest);
        File.WriteAllText(file, manifest.ToJsonString());
    }
}
