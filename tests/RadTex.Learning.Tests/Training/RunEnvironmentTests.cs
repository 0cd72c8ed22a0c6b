using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Training;

public sealed class RunEnvironmentTests
{
    [Fact]
    public void Environment_names_the_device_the_model_lies_on()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Open(folder.File("run"), TinyRun.Configuration(), new RunInputs("data", "hash", true, null));
        using var model = nn.Linear(2, 2, device: new Device(DeviceType.META)); // stands for a GPU: any device but the processor's memory
        using var optimizer = new Sgd([], 0.9);

        run.Restore(model, optimizer);

        RunEnvironment.Read(folder.File("run/environment.json"))!.Device.ShouldBe("meta");
    }
}
