using Microsoft.ML.OnnxRuntime;
using RadTex.Prediction.Onnx;

namespace RadTex.Tests.Prediction;

public sealed class OnnxDeviceTests
{
    [Theory, InlineData("cpu", null), InlineData("cuda", 0), InlineData("cuda:0", 0), InlineData("cuda:12", 12)]
    public void Device_has_its_number(string device, int? index) => OnnxDevice.Index(device).ShouldBe(index);

    [Theory, InlineData(""), InlineData("gpu"), InlineData("CUDA"), InlineData("cuda:"), InlineData("cuda:-1"), InlineData("cuda:1.5")]
    public void What_is_no_device_is_refused_with_those_that_are(string device)
    {
        var refusal = Should.Throw<UserErrorException>(() => OnnxDevice.Index(device));
        refusal.Message.ShouldContain("expected cpu, cuda or cuda:i");
        refusal.Setting.ShouldBe("device");
    }

    [Fact]
    public void Gpu_that_this_build_has_no_provider_for_is_refused_with_the_build_that_has()
    {
        Assert.SkipWhen(OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"), "this build has CUDA");
        Should.Throw<UserErrorException>(() => OnnxModel.Options(1, "cuda").Dispose()).Message.ShouldContain("RadTexOnnxRuntime=cuda");
        OnnxModel.Options(1, "cpu").Dispose();
    }
}
