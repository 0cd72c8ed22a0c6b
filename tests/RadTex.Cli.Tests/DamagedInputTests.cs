using System.Text;
using RadTex.Data;

namespace RadTex.Cli.Tests;

/// <summary>Every kind of input file, damaged: cut off, empty, random bytes, JSON of another shape. Each is one line and exit code 2.</summary>
[Collection(nameof(SerialTorch))]
public sealed class DamagedInputTests(TinyInputs inputs) : IClassFixture<TinyInputs>
{
    private const int Halves = 2;

    /// <summary>A file to damage ("" for a new one), and the command that reads it; {bad} is the damaged file or the folder it lies in.</summary>
    public static TheoryData<string, string> Inputs => new()
    {
        { "{dataset}/manifest.json", "verify {bad}" },
        { "{dataset}/studies.parquet", "verify {bad}" },
        { "{dataset}/pixels.npy", "inspect {bad} --out {new}" },
        { "{encoder}/encoder.json", "embed {bad} {dataset} --out {new}" },
        { "{encoder}/encoder.safetensors", "embed {bad} {dataset} --out {new}" },
        { "{run}/model/model.json", "read {bad} {pictures}" },
        { "{run}/model/model.safetensors", "read {bad} {pictures}" },
        { "{run}/model/vocab.txt", "read {bad} {pictures}" },
        { "{weights}", "import state-dict {bad} --out {new} --scaling max --image-size 32" },
        { "weights.pth", "import torchvision {bad} --out {new}" },
        { "keys.json", "import state-dict {weights} --key-map {bad} --out {new} --scaling max --image-size 32" },
        { "model.onnx", "predict {bad} {pictures} --out {new}.csv" },
        { "heads/heads.json", "predict {encoder} {pictures} --heads {bad} --out {new}.csv" },
        { "run.json", "pretrain {reports} --preset phantom --config {bad} --out {new}" },
        { "paper.json", "reproduce all --config {bad} --out {new}" },
        { "vocab.txt", "pretrain {reports} --preset phantom --vocabulary {bad} --out {new}" },
        { "table.csv", "prepare table {bad} --out {new}" },
        { "table.parquet", "prepare table {bad} --out {new}" },
        { "table.csv.gz", "prepare table {bad} --out {new}" },
        { "exclude.csv", "prepare table {table} --exclude {bad} --out {new}" },
        { "patients.csv", "prepare table {table} --test-patients {bad} --out {new}" },
        { "labels.csv", "prepare table {table} --extra-labels {bad} --out {new}" },
        { "table.parquet", "vocabulary {bad} --out {new}" },
        { "table.csv.gz", "vocabulary {bad} --out {new}" },
        { "golden.json", "selfcheck {bad}" },
        { "pictures/a.png", "read {run} {bad}" },
        { "pictures/a.dcm", "prepare folder {bad} --out {new}" },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task A_damaged_input_is_one_line_and_exit_2(string file, string line)
    {
        foreach (var (name, damage) in Damages(file))
        {
            using var folder = new TemporaryFolder();
            var bad = Place(file, damage, folder);
            var result = await CapturedConsole.RunAsync(inputs.Words(line.Replace("{bad}", bad, StringComparison.Ordinal)));
            BadCommandLineTests.ShouldBeOneLine(result, $"{name} {file}: {line}");
        }
    }

    [Fact]
    public void A_pixel_file_cut_under_its_reader_is_an_error_not_the_end_of_the_process()
    {
        using var folder = new TemporaryFolder();
        var copy = folder.File("dataset");
        Copy(inputs["dataset"], copy);
        using var dataset = PreparedDataset.Open(copy);
        dataset.Pixels(dataset.Count - 1).Length.ShouldBePositive();
        using (var stream = new FileStream(Path.Combine(copy, DatasetFiles.Pixels), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(200);
        Should.Throw<UserErrorException>(() => dataset.Pixels(dataset.Count - 1).Length).Message
            .ShouldContain("was cut to 200 bytes while it was read");
    }

    private IEnumerable<(string Name, byte[] Bytes)> Damages(string file)
    {
        var random = new byte[3000];
        new Random(5).NextBytes(random);
        yield return ("random bytes in", random);
        yield return ("an empty", []);
        if (file.StartsWith('{') && File.ReadAllBytes(inputs.Words(file)[0]) is var good) yield return ("half of", good[..(good.Length / Halves)]);
        if (!file.EndsWith(".json", StringComparison.Ordinal)) yield break;
        foreach (var json in new[] { file == "keys.json" ? "[1]" : "{}", "null", "[]", "3", "{\"a\":", "[[[[[[[[" })
            yield return (json, Encoding.UTF8.GetBytes(json));
    }

    private string Place(string file, byte[] damage, TemporaryFolder folder)
    {
        if (!file.StartsWith('{') || !file.Contains('/', StringComparison.Ordinal))
        {
            var path = folder.File(file.StartsWith('{') ? Path.GetFileName(inputs.Words(file)[0]) : file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, damage);
            return file.Contains('/', StringComparison.Ordinal) ? Path.GetDirectoryName(path)! : path;
        }
        // A folder that is good but for one file.
        var (root, inside) = (file[1..file.IndexOf('}', StringComparison.Ordinal)], file[(file.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        Copy(inputs[root], folder.File(root));
        File.WriteAllBytes(Path.Combine(folder.File(root), inside), damage);
        return folder.File(root);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
