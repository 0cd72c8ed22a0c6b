using RadTex.Learning.Training;

namespace RadTex.Cli.Tests;

public sealed class PretrainCommandTests
{
    [Fact]
    public void Live_tensors_are_as_many_after_200_steps_as_after_two()
    {
        using var folder = new TemporaryFolder();
        var dataset = TinyRun.WriteDataset(folder.File("dataset"));
        // A process of its own: the count is the process's, and other tests leave tensors to .NET's finaliser.
        string[] settings =
            [.. TinyRun.Sizes, "training.epochs=70", "log.prefetch_batches=0", "log.validate_every_epochs=0", "log.checkpoint_every_steps=50"];
        var trained = RadTexProcess.Run(
            ["pretrain", dataset, "--preset", "phantom", "--out", folder.File("run"), .. settings.SelectMany(s => (string[])["--set", s])]);
        trained.ExitCode.ShouldBe(0, trained.Error);
        var live = TrainingLog.Read(RunFolder.LogPath(folder.File("run"))).ToDictionary(line => line.Step, line => line.Values["live_tensors"]);
        live[200].ShouldBe(live[2]);
        live[199].ShouldBe(live[2]);
    }
}
