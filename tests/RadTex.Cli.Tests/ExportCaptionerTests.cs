using RadTex.Learning.Export;

namespace RadTex.Cli.Tests;

public sealed class ExportCaptionerTests
{
    [Fact]
    public void The_command_writes_a_folder_that_opens_and_a_users_mistakes_are_one_line()
    {
        using var folder = new TemporaryFolder();
        var (run, output) = (TinyReader.Write(folder.File("run")), folder.File("captioner"));
        var done = RadTexProcess.Run("export", run, "--captioner", "--out", output);
        done.ExitCode.ShouldBe(RadTexCommand.Success, done.Error);
        done.Output.ShouldContain("ONNX Runtime writes what our own model writes");
        Directory.GetFiles(output).Select(Path.GetFileName).Order()
            .ShouldBe(["captioner.json", "encoder.onnx", "prefill.onnx", "step.onnx", "vocab.txt"]);
        using (var exported = OnnxCaptioner.Open(output)) exported.Vocabulary.Sha256.ShouldBe(TinyReader.Vocabulary.Sha256);

        Directory.CreateDirectory(folder.File("encoders/encoder"));
        foreach (var (arguments, said) in new (string[], string)[]
        {
            ([run, "--captioner", "--out", output], "is there already"),
            ([folder.File("encoders"), "--captioner", "--out", folder.File("x")], "no decoder"),
            ([run, "--captioner", "--int8", "dataset", "--out", folder.File("x")], "--captioner"),
        })
        {
            var (exit, _, error) = RadTexProcess.Run(["export", .. arguments]);
            exit.ShouldBe(RadTexCommand.UserMistake, error);
            error.Trim().Split('\n').Length.ShouldBe(1);
            error.ShouldContain(said);
        }
        File.AppendAllText(Path.Combine(output, "vocab.txt"), "extra\n");
        Should.Throw<UserErrorException>(() => OnnxCaptioner.Open(output)).Message.ShouldContain("not the vocabulary");
        Should.Throw<UserErrorException>(() => OnnxCaptioner.Open(folder.Path)).Message.ShouldContain("captioner.json");
    }
}
