using TorchSharp;

namespace RadTex.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Torch_adds() => torch.ones(3).sum().item<float>().ShouldBe(3f);
}
