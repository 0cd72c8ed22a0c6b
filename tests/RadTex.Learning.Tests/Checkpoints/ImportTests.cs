using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Transfer;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>Weights that torchvision wrote give torchvision's features here.</summary>
public sealed class ImportTests
{
    // Random weights, running statistics and images; each file in the form its publisher uses.
    private const string Write = """
        import sys, torch, torchvision
        name, kind, folder = sys.argv[1:]
        torch.manual_seed(11)
        classes, channels = {'cxr14': (14, 3), 'torchxrayvision': (18, 1)}.get(kind, (1000, 3))
        model = getattr(torchvision.models, name)(num_classes=classes)
        if channels == 1: model.conv1 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        with torch.no_grad():
            for m in model.modules():
                if isinstance(m, torch.nn.BatchNorm2d):
                    m.running_mean.normal_(0, 0.1); m.running_var.uniform_(0.5, 2); m.weight.uniform_(0.2, 0.8); m.bias.normal_(0, 0.1)
        model.eval()
        images = torch.rand(2, channels, 64, 64)
        grey = torch.rand(2, 1, 64, 64)
        with torch.no_grad():
            def features(x):
                out = {}
                h = model.avgpool.register_forward_hook(lambda m, i, o: out.update(f=o.flatten(1)))
                model(x); h.remove()
                return out['f']
            results = {'images': images, 'features': features(images)}
            if channels == 3:
                three, mean, deviation = grey.repeat(1, 3, 1, 1), torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
                standardised = torchvision.transforms.functional.normalize(three, mean, deviation)
                results.update(grey=grey, grey_features=features(three), grey_input=(grey - 0.449) / 0.226, standardised_features=features(standardised))
        torch.save(results, folder + '/results.pth')
        state = model.state_dict()
        if kind == 'cxr14': state = {'epoch': 9, 'lossMIN': 0.1, 'state_dict': {'module.' + k: v for k, v in state.items()}, 'optimizer': {'state': {0: torch.ones(3)}}}
        if kind == 'lightning': state = {'state_dict': {'model.' + k: v for k, v in state.items()}, 'epoch': 1, 'global_step': 5, 'pytorch-lightning_version': '1.8', 'hparams': {'lr': 0.1}}
        if kind == 'old': state = {k: v for k, v in state.items() if 'num_batches' not in k}
        torch.save(state, folder + '/weights.pth', _use_new_zipfile_serialization=kind != 'old')
        """;

    [Theory]
    [InlineData("resnet18", "torchvision")]
    [InlineData("resnet18", "lightning")]
    [InlineData("resnet34", "old")]
    [InlineData("resnet50", "torchvision")]
    [InlineData("resnet50", "cxr14")]
    [InlineData("resnet50", "torchxrayvision")]
    public void An_imported_encoder_gives_torchvisions_features(string architecture, string kind)
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torchvision", Write, architecture, kind, folder.Path);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var results = TorchFile.Open(folder.File("results.pth"));
        var origin = EncoderOrigin.All.FirstOrDefault(o => o.Name == kind) ?? EncoderOrigin.Parse("torchvision");
        var (card, notes) = EncoderImport.Run(origin, folder.File("weights.pth"), folder.File("encoder"));
        card.Architecture.ShouldBe(architecture);
        card.Provenance.ShouldContain("SHA-256");
        (card.ImageSize, card.Channels, card.Scaling).ShouldBe(kind == "torchxrayvision" ? (512, 1, "plusminus1024") : (224, 3, "imagenet255"));
        notes.ShouldContain(n => n.StartsWith("left out the classifier's fc.weight", StringComparison.Ordinal));
        Deviation(folder.File("encoder"), results, "images", "features").ShouldBeLessThan(1e-4);
        if (card.Channels == 1) return;
        // Fed without standardisation, three equal channels are their sum; with it, but for the zeros round the picture.
        EncoderImport.Run(
            EncoderOrigin.Parse("state-dict"), folder.File("weights.pth"), folder.File("sum"),
            new(Channels: 1, ImageSize: 64, Scaling: IntensityScaling.Max)).Card.Channels.ShouldBe(1);
        Deviation(folder.File("sum"), results, "grey", "grey_features").ShouldBeLessThan(1e-4);
        var grey = EncoderImport.Run(origin, folder.File("weights.pth"), folder.File("grey"), new(Channels: 1)).Card;
        (grey.Channels, grey.Scaling).ShouldBe((1, "imagenet255"));
        using var imported = EncoderSource.Open(folder.File("grey"), 0, 64);
        nn.functional.cosine_similarity(imported.Encoder.Pool(results.Read("grey_input")), results.Read("standardised_features")).min().item<float>()
            .ShouldBeGreaterThan(0.999f);
    }

    [Fact]
    public void Keys_that_are_missing_left_over_or_misshapen_are_all_listed_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var encoder = Encoders.Create(new("resnet18", 4, 3), Draw.Stream);
        var weights = ModuleWeights.Of(encoder).Where(w => w.Name != "layer2.0.bn1.weight").Append(("extra.weight", ones(2)))
            .Select(w => w.Item1 == "bn1.bias" ? ("bn1.bias", ones(5)) : w).ToList();
        SafeTensors.Write(folder.File("w.safetensors"), weights);
        var error = Should.Throw<UserErrorException>(
            () => EncoderImport.Run(EncoderOrigin.Parse("torchvision"), folder.File("w.safetensors"), folder.File("encoder"))).Message;
        error.ShouldContain("layer2.0.bn1.weight is missing");
        error.ShouldContain("extra.weight is not part of the model");
        error.ShouldContain("bn1.bias is [5], expected [4]");
        Directory.Exists(folder.File("encoder")).ShouldBeFalse();
    }

    [Fact]
    public void Torchxrayvisions_scaling_maps_bytes_onto_its_range_whatever_the_brightest_is()
    {
        var input = new RadiographInput(2, 1, IntensityScaling.PlusMinus1024);
        var values = new float[4];
        input.Fill([0, 51, 102, 204], 2, 2, AffineMap.Identity, Interpolation.Bilinear, values);
        values.ShouldBe([-1024f, -614.4f, -204.8f, 614.4f], 1e-3);
        IntensityScalings.Parse("plusminus1024").ShouldBe(IntensityScaling.PlusMinus1024);
    }

    private static double Deviation(string encoder, TorchFile results, string images, string features)
    {
        using var source = EncoderSource.Open(encoder, 0, 64);
        return (source.Encoder.Pool(results.Read(images)) - results.Read(features)).abs().max().item<float>();
    }
}
