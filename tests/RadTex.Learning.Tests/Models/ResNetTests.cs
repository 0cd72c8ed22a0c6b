using RadTex.Learning.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class ResNetTests
{
    // torchvision's counts without the classifier's two tensors, and its parameters less fc's, for three channels.
    [Theory]
    [InlineData("resnet18", 120, 11_176_512, 512)]
    [InlineData("resnet18-mlnet", 132, 15_897_152, 512)] // a block of 2 x 512 x 512 x 3 x 3 + 4 x 512 more
    [InlineData("resnet34", 216, 21_284_672, 512)]
    [InlineData("resnet50", 318, 23_508_032, 2048)]
    [InlineData("resnet101", 624, 42_500_160, 2048)]
    public void Network_has_torchvisions_tensors(string name, int tensors, long parameters, int width)
    {
        using var network = Encoders.Create(new(name, 64, 3), Draw.Stream);
        network.state_dict().Count.ShouldBe(tensors);
        network.parameters().Sum(p => p.numel()).ShouldBe(parameters);
        network.FeatureWidth.ShouldBe(width);
        network.state_dict().Keys.ShouldContain("layer2.0.downsample.1.running_var");
        network.state_dict().Keys.ShouldContain("bn1.num_batches_tracked");
    }

    [Fact]
    public void One_channel_costs_two_channels_of_the_first_convolution()
    {
        using var one = Encoders.Create(new("resnet50"), Draw.Stream);
        one.parameters().Sum(p => p.numel()).ShouldBe(23_508_032 - 2 * 64 * 49);
        one.state_dict()["conv1.weight"].shape.ShouldBe([64, 1, 7, 7]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Features_are_a_thirty_second_of_the_side(int channels)
    {
        using var scope = NewDisposeScope();
        using var network = Encoders.Create(new("resnet50", 4, channels), Draw.Stream);
        network.eval();
        network.forward(Draw.Uniform([2, channels, 96, 64])).shape.ShouldBe([2, 128, 3, 2]);
        network.Pool(Draw.Uniform([2, channels, 64, 64])).shape.ShouldBe([2, 128]);
    }

    [Fact]
    public void Bfloat16_with_channels_last_agrees_with_float32()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = Encoders.Create(new("resnet18", 8), Draw.Stream);
        network.eval();
        var images = Draw.Uniform([4, 1, 64, 64]);
        var wide = network.forward(images);
        var narrow = network.forward(images.to(ScalarType.BFloat16));
        narrow.dtype.ShouldBe(ScalarType.BFloat16);
        ((narrow.to(ScalarType.Float32) - wide).norm() / wide.norm()).item<float>().ShouldBeLessThan(0.02f);
    }

    [Fact]
    public void Residual_branches_start_as_zero()
    {
        using var network = Encoders.Create(new("resnet50", 4), Draw.Stream);
        foreach (var (name, parameter) in network.named_parameters().Where(p => p.name.EndsWith("bn3.weight", StringComparison.Ordinal)))
            parameter.abs().max().item<float>().ShouldBe(0, name);
    }

    [Fact]
    public void Batch_norm_equals_torchs_and_can_leave_its_statistics_alone()
    {
        using var scope = NewDisposeScope();
        using var own = new BatchNorm(5);
        using var reference = nn.BatchNorm2d(5);
        own.train();
        reference.train();
        var images = Draw.Normal([3, 5, 4, 4]) * 2 + 1;
        (own.forward(images) - reference.forward(images)).abs().max().item<float>().ShouldBe(0);
        own.state_dict()["running_mean"].equal(reference.running_mean!).all().item<bool>().ShouldBeTrue();
        own.state_dict()["num_batches_tracked"].item<long>().ShouldBe(1);

        own.TracksStatistics = false;
        (own.forward(images * 3) - reference.forward(images * 3)).abs().max().item<float>().ShouldBeLessThan(1e-6f);
        own.state_dict()["num_batches_tracked"].item<long>().ShouldBe(1);
        own.state_dict()["running_mean"].equal(reference.running_mean!).all().item<bool>().ShouldBeFalse();
    }

    [Fact]
    public void Batch_norm_that_keeps_its_statistics_trains_as_it_evaluates()
    {
        using var scope = NewDisposeScope();
        using var own = new BatchNorm(5);
        own.train();
        own.forward(Draw.Normal([3, 5, 4, 4]) * 2 + 1); // statistics other than the initial ones
        using var statistics = own.state_dict()["running_var"].clone();
        var images = Draw.Normal([3, 5, 4, 4]).requires_grad_(true);

        own.KeepsStatistics = true;
        var trained = own.Normalise(images, rectify: true, shortcut: images * 0.5f);
        own.eval();
        trained.equal(own.Normalise(images, rectify: true, shortcut: images * 0.5f)).all().item<bool>().ShouldBeTrue();
        trained.sum().backward();
        images.grad!.abs().sum().item<float>().ShouldBeGreaterThan(0);
        foreach (var (name, parameter) in own.named_parameters()) parameter.grad!.abs().min().item<float>().ShouldBeGreaterThan(0, name);
        own.state_dict()["running_var"].equal(statistics).all().item<bool>().ShouldBeTrue();
        own.state_dict()["num_batches_tracked"].item<long>().ShouldBe(1);
    }

    [Theory, InlineData(4), InlineData(20)]
    public void Widths_that_fill_no_block_of_channels_read_no_memory_that_nobody_wrote(int width)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using var scope = NewDisposeScope();
            for (int size = 6; size < 20; size++) full([1 << size], float.NaN).Dispose(); // what the next tensors' memory holds
            var network = Encoders.Create(new("resnet18", width), Draw.Stream);
            var images = Draw.Uniform([4, 1, 32, 32]);
            network.Pool(images).sum().backward();
            var exact = Encoders.Create(new("resnet18", width), Draw.Stream);
            exact.to(ScalarType.Float64);
            var weights = network.state_dict();
            using (no_grad())
                foreach (var (name, tensor) in exact.named_parameters()) tensor.copy_(weights[name]);
            exact.Pool(images.to(ScalarType.Float64)).sum().backward();
            foreach (var (own, expected) in network.parameters().Zip(exact.parameters()))
                (own.grad! - expected.grad!).abs().max().item<double>().ShouldBeLessThan(1e-3 * (1 + expected.grad!.abs().max().item<double>()));
        }
    }
}
