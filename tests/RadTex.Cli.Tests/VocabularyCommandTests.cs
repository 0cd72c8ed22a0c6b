using System.Diagnostics;
using RadTex.Text;

namespace RadTex.Cli.Tests;

public sealed class VocabularyCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Runs the command as a user does: in a process of its own.</summary>
    private static async Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "RadTex.Cli");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    [Fact]
    public async Task Vocabulary_is_built_from_a_dataset_and_its_rates_are_printed()
    {
        var (exitCode, output, errors) =
            await Run("vocabulary", TinyDataset.Write(folder.File("set")), "--out", folder.File("vocab.txt"), "--size", "60", "--max-tokens", "5");
        exitCode.ShouldBe(0, errors);
        var vocabulary = WordPieceVocabulary.Load(folder.File("vocab.txt"));
        output.ShouldContain($"{vocabulary.Count} pieces of the 60 asked for, as no further one comes 2 times, SHA-256 {vocabulary.Sha256}");
        output.ShouldContain("3 captions: 6.0 tokens on average"); // [CLS] finding number N . [SEP]
        output.ShouldContain("100.00 % cut at 5; 0.000 % [UNK]");

        var measured = await Run("vocabulary", folder.File("set"), "--measure", folder.File("vocab.txt"));
        measured.Output.ShouldContain("0.00 % cut at 170");
    }

    [Fact]
    public async Task Picture_is_refused_and_another_encoding_is_an_option()
    {
        var picture = Pictures.WriteRadiograph(folder.File("pic.png"), 1);
        var refused = await Run("vocabulary", picture, "--out", folder.File("v.txt"));
        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldContain("line 1 is not UTF-8");
        File.Exists(folder.File("v.txt")).ShouldBeFalse();

        File.WriteAllBytes(folder.File("l.txt"), System.Text.Encoding.Latin1.GetBytes("Lungenödem\n"));
        (
            await Run(
                "vocabulary", folder.File("l.txt"), "--encoding", "latin1", "--size", "60", "--min-frequency", "1", "--out",
                folder.File("v.txt"))).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Mistake_is_one_line_and_leaves_no_file()
    {
        foreach (
            var arguments in (string[][])[["--out", "v", "--measure", "w"], [], ["--out", folder.File("v"), "--size", "3"],
                ["--measure", folder.File("none")]])
        {
            File.WriteAllText(folder.File("a.txt"), "clear lungs");
            var (exitCode, output, errors) = await Run(["vocabulary", folder.File("a.txt"), .. arguments]);
            exitCode.ShouldBe(2);
            output.ShouldBeEmpty();
            errors.Trim().Split('\n').Length.ShouldBe(1, errors);
            Directory.GetFiles(folder.Path).ShouldBe([folder.File("a.txt")]);
        }
    }
}
