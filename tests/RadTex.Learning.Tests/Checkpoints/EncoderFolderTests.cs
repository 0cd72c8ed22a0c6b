using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

public sealed class EncoderFolderTests
{
    private static readonly EncoderCard Card = new("resnet18", 4, 1, 64, "max", "MONOCHROME2", 0, "a test", Synthetic: true, "");

    [Fact]
    public void An_encoder_comes_back_with_the_same_features()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var encoder = Encoders.Create(new("resnet18", 4), Draw.Stream);
        encoder.forward(Draw.Uniform([8, 1, 64, 64])); // moves the running statistics
        encoder.eval();
        EncoderFolder.Write(folder.File("e"), encoder, Card).FeatureWidth.ShouldBe(32);
        var (read, card) = EncoderFolder.Read(folder.File("e"));
        card.Provenance.ShouldBe("a test");
        card.Synthetic.ShouldBeTrue();
        var images = Draw.Uniform([2, 1, 64, 64]);
        read.Pool(images).equal(encoder.Pool(images)).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Weights_that_are_not_the_cards_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var encoder = Encoders.Create(new("resnet18", 4), Draw.Stream);
        EncoderFolder.Write(folder.Path, encoder, Card);
        using (var stream = new FileStream(folder.File("encoder.safetensors"), FileMode.Open))
        {
            stream.Seek(-1, SeekOrigin.End);
            stream.WriteByte(0x7F);
        }
        Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.Path)).Message.ShouldContain("SHA-256");
    }

    [Fact]
    public void A_checkpoint_of_another_shape_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        using var encoder = Encoders.Create(new("resnet18", 4), Draw.Stream);
        EncoderFolder.Write(folder.Path, encoder, Card);
        var card = folder.File("encoder.json");
        File.WriteAllText(card, File.ReadAllText(card).Replace("\"width\": 4", "\"width\": 8", StringComparison.Ordinal));
        Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.Path)).Message
            .ShouldContain("conv1.weight is [4,1,7,7], expected [8,1,7,7]");
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused_by_the_tensors_name()
    {
        using var folder = new TemporaryFolder();
        using var encoder = Encoders.Create(new("resnet18", 4));
        using (no_grad()) encoder.named_parameters().Single(p => p.name == "layer3.0.conv2.weight").parameter[0, 0, 0, 0] = double.NaN;
        EncoderFolder.Write(folder.Path, encoder, Card);

        Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.Path)).Message
            .ShouldContain("hold NaN or infinity in layer3.0.conv2.weight.");
        Should.Throw<UserErrorException>(
            () => EncoderImport.Run(
                EncoderOrigin.Parse("state-dict"), folder.File("encoder.safetensors"), folder.File("out"), new(1, 64, IntensityScaling.Max)))
            .Message.ShouldContain("layer3.0.conv2.weight");
    }

    [Fact]
    public void A_network_whose_weights_are_refused_is_freed()
    {
        using var folder = new TemporaryFolder();
        using var encoder = Encoders.Create(new("resnet18", 4));
        EncoderFolder.Write(folder.Path, encoder, Card);
        var card = folder.File("encoder.json");
        File.WriteAllText(card, File.ReadAllText(card).Replace("\"width\": 4", "\"width\": 8", StringComparison.Ordinal));

        // What making a network leaves behind, be it freed or not, is not what is asked here.
        Left(() => Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.Path)))
            .ShouldBe(Left(() => Encoders.Create(new("resnet18", 8)).Dispose()));

        static long Left(Action action)
        {
            long before = Live();
            action();
            return Live() - before;
        }

        static long Live() => TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
    }

    [Fact]
    public void An_empty_folder_is_one_clear_error_that_names_what_makes_encoders()
    {
        using var folder = new TemporaryFolder();
        var message = Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.Path)).Message;
        message.ShouldContain("No encoder in");
        message.ShouldContain("pretraining");
        message.ShouldNotContain("radtex embed"); // it reads encoders and makes none
        // A run named in the place of its encoder.
        Directory.CreateDirectory(folder.File("encoder"));
        File.WriteAllText(folder.File("encoder/encoder.json"), "{}");
        Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.Path)).Message
            .ShouldEndWith($"There is one in {folder.File("encoder")}: name that.");
    }

    [Fact]
    public void Weights_of_which_one_bit_changed_are_not_taken_for_those_of_the_card()
    {
        using var folder = new TemporaryFolder();
        using (var source = TinyTransfer.Encoder(0)) EncoderFolder.Write(folder.File("encoder"), source.Encoder, source.Card);
        var weights = folder.File("encoder/encoder.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^5] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Should.Throw<UserErrorException>(() => EncoderFolder.Read(folder.File("encoder"))).Message
            .ShouldContain("is not the file its card describes");
    }
}
