using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Export;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Transfer;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>Transformers, DenseNets and BioViL's ResNet that PyTorch wrote give PyTorch's features here, whatever their weights are called.</summary>
public sealed class ForeignEncoderTests
{
    // Random weights and grey pictures; the network is torchvision's own, or a transformer made of torch's own layers. Each file in its publisher's
    // names, each picture standardised as the publisher does.
    private const string Write = """
        import sys, torch, torchvision
        from torch.nn.utils.stateless import functional_call
        kind, folder = sys.argv[1:]
        torch.manual_seed(7)
        imagenet = (torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1))
        half, rad = (0.5, 0.5), (0.5307, 0.2583)
        def shake(model):
            for m in model.modules():
                if isinstance(m, torch.nn.BatchNorm2d):
                    m.running_mean.normal_(0, 0.1); m.running_var.uniform_(0.5, 2); m.weight.uniform_(0.2, 0.8); m.bias.normal_(0, 0.1)
            return model.eval()
        def transformer(side, patch, D, heads, pooling='class', scaled=False, registers=0, own=1):
            n = (side // patch) ** 2
            r = lambda *s: torch.randn(*s) * 0.2
            w = {'patch_embed.proj.weight': r(D, 3, patch, patch), 'patch_embed.proj.bias': r(D), 'pos_embed': r(1, own + n, D)}
            if pooling != 'mean': w['cls_token'] = r(1, 1, D)
            if registers: w['reg_token'] = r(1, registers, D)
            for i in range(12):
                b = f'blocks.{i}.'
                w.update({b + 'norm1.weight': 1 + r(D), b + 'norm1.bias': r(D), b + 'attn.qkv.weight': r(3 * D, D), b + 'attn.qkv.bias': r(3 * D),
                          b + 'attn.proj.weight': r(D, D), b + 'attn.proj.bias': r(D), b + 'norm2.weight': 1 + r(D), b + 'norm2.bias': r(D),
                          b + 'mlp.fc1.weight': r(4 * D, D), b + 'mlp.fc1.bias': r(4 * D), b + 'mlp.fc2.weight': r(D, 4 * D), b + 'mlp.fc2.bias': r(D)})
                if scaled: w.update({b + 'ls1.gamma': 1 + r(D), b + 'ls2.gamma': 1 + r(D)})
            last = 'fc_norm' if pooling == 'fc_norm' else 'norm'
            w.update({last + '.weight': 1 + r(D), last + '.bias': r(D)})
            layer = torch.nn.TransformerEncoderLayer(D, heads, 4 * D, 0, 'gelu', 1e-6, batch_first=True, norm_first=True).train()
            def forward(x):
                x = torch.nn.functional.conv2d(x, w['patch_embed.proj.weight'], w['patch_embed.proj.bias'], stride=patch).flatten(2).transpose(1, 2)
                x = x + w['pos_embed'][:, own:]
                first = []
                if pooling != 'mean': first.append((w['cls_token'] + w['pos_embed'][:, :own] if own else w['cls_token']).expand(len(x), -1, -1))
                if registers: first.append(w['reg_token'].expand(len(x), -1, -1))
                x = torch.cat(first + [x], 1)
                for i in range(12):
                    b = f'blocks.{i}.'
                    s1, s2 = w.get(b + 'ls1.gamma', torch.ones(D)), w.get(b + 'ls2.gamma', torch.ones(D))
                    x = functional_call(layer, {
                        'self_attn.in_proj_weight': w[b + 'attn.qkv.weight'], 'self_attn.in_proj_bias': w[b + 'attn.qkv.bias'],
                        'self_attn.out_proj.weight': s1[:, None] * w[b + 'attn.proj.weight'], 'self_attn.out_proj.bias': s1 * w[b + 'attn.proj.bias'],
                        'linear1.weight': w[b + 'mlp.fc1.weight'], 'linear1.bias': w[b + 'mlp.fc1.bias'],
                        'linear2.weight': s2[:, None] * w[b + 'mlp.fc2.weight'], 'linear2.bias': s2 * w[b + 'mlp.fc2.bias'],
                        'norm1.weight': w[b + 'norm1.weight'], 'norm1.bias': w[b + 'norm1.bias'],
                        'norm2.weight': w[b + 'norm2.weight'], 'norm2.bias': w[b + 'norm2.bias']}, (x,))
                norm = lambda t: torch.nn.functional.layer_norm(t, [D], w[last + '.weight'], w[last + '.bias'], 1e-6)
                return norm(x)[:, 0] if pooling == 'class' else norm(x).mean(1) if pooling == 'mean' else norm(x[:, 1:].mean(1))
            return w, forward
        def hugging(w, own):
            out = {'embeddings.mask_token': torch.zeros(1, 24)}
            for k, v in w.items():
                for a, b in [('cls_token', 'embeddings.cls_token'), ('pos_embed', 'embeddings.position_embeddings'), ('blocks.', 'encoder.layer.'),
                             ('patch_embed.proj', 'embeddings.patch_embeddings.projection'), ('attn.proj', 'attention.output.dense'),
                             ('ls1.gamma', 'layer_scale1.lambda1'), ('ls2.gamma', 'layer_scale2.lambda1')]: k = k.replace(a, b)
                if k in ('norm.weight', 'norm.bias'): k = 'layer' + k
                if 'attn.qkv' in k:
                    for part, value in zip(('query', 'key', 'value'), v.chunk(3)): out[k.replace('attn.qkv', 'attention.attention.' + part)] = value
                else: out[k] = v
            return out
        with torch.no_grad():
            side, standard, channels = 64, imagenet, 3
            if kind == 'torchvision vit':
                model = torchvision.models.VisionTransformer(64, 16, 12, 3, 24, 96, num_classes=5)
                for p in model.parameters(): p.add_(torch.randn_like(p) * 0.05)
                state, forward = model.state_dict(), lambda x: (model.eval(), setattr(model, 'heads', torch.nn.Identity()), model(x))[2]
            elif kind == 'vit_b_16':
                model = torchvision.models.vit_b_16().eval(); side = 224
                state, forward = model.state_dict(), lambda x: (setattr(model, 'heads', torch.nn.Identity()), model(x))[1]
            elif kind == 'densenet121':
                model = shake(torchvision.models.densenet121())
                state, forward = model.state_dict(), lambda x: torch.relu(model.features(x)).mean([2, 3])
            elif kind == 'torchxrayvision':
                model = torchvision.models.densenet121(num_classes=18); model.features.conv0 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False); shake(model)
                channels, standard = 1, (0.5, 1 / 2048)
                state, forward = {**model.state_dict(), 'op_threshs': torch.rand(18)}, lambda x: torch.relu(model.features(x)).mean([2, 3])
            elif kind == 'biovil':
                model = shake(torchvision.models.resnet50()); standard = (0, 1)
                state = {'encoder.encoder.' + k: v for k, v in model.state_dict().items()}
                state['projector.model.0.weight'] = torch.rand(128, 2048, 1, 1)
                forward = lambda x: (setattr(model, 'fc', torch.nn.Identity()), model(x))[1]
            elif kind == 'timm':
                state, forward = transformer(64, 16, 24, 3); standard = half
                state['head.weight'], state['head.bias'] = torch.rand(5, 24), torch.rand(5)
            elif kind == 'timm gap': state, forward = transformer(64, 16, 24, 3, 'mean', own=0); standard = half
            elif kind == 'mae': state, forward = transformer(64, 16, 24, 3); state = {'model': {**state, 'decoder_pos_embed': torch.rand(1, 17, 8), 'mask_token': torch.rand(1, 1, 8)}}
            elif kind == 'mae fine-tuned': state, forward = transformer(64, 16, 24, 3, 'fc_norm')
            elif kind == 'dinov2': side = 56; state, forward = transformer(56, 14, 24, 3, scaled=True)
            elif kind == 'dinov2 registers':
                side = 56; state, forward = transformer(56, 14, 24, 3, scaled=True, registers=4, own=0)
                place = torch.randn(1, 1, 24) # Meta's files keep a position of the class token, and call the registers otherwise
                state = dict(state); published = {**state, 'register_tokens': state['reg_token'], 'mask_token': torch.zeros(1, 24),
                    'cls_token': state['cls_token'] - place, 'pos_embed': torch.cat([place, state['pos_embed']], 1)}
                del published['reg_token']; state = published
            elif kind == 'hugging face': side = 56; state, forward = transformer(56, 14, 24, 3, scaled=True); state = hugging(state, 1)
            grey = torch.rand(2, 1, side, side)
            torch.save({'grey': grey, 'features': forward((grey.repeat(1, channels, 1, 1) - standard[0]) / standard[1])}, folder + '/results.pth')
            torch.save(state, folder + '/weights.pth')
        """;

    public static TheoryData<string, string, string, int> Files => new()
    {
        { "torchvision vit", "torchvision", "vit-tiny-16", 64 }, { "vit_b_16", "torchvision", "vit-base-16", 224 },
        { "densenet121", "torchvision", "densenet121", 224 }, { "torchxrayvision", "torchxrayvision", "densenet121", 224 },
        { "biovil", "biovil", "resnet50", 480 }, { "timm", "timm", "vit-tiny-16", 64 }, { "timm gap", "timm", "vit-tiny-16-gap", 64 },
        { "mae", "mae", "vit-tiny-16", 64 }, { "mae fine-tuned", "mae", "vit-tiny-16-avg", 64 }, { "dinov2", "dinov2", "vit-tiny-14-dino", 56 },
        { "dinov2 registers", "dinov2", "vit-tiny-14-dino-reg4", 56 }, { "hugging face", "dinov2", "vit-tiny-14-dino", 56 },
    };

    [Theory, MemberData(nameof(Files))]
    public void An_imported_encoder_gives_its_publishers_features_and_so_does_its_ONNX_file(string file, string origin, string architecture, int size)
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torchvision", Write, file, folder.Path);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var results = TorchFile.Open(folder.File("results.pth"));
        Tensor grey = results.Read("grey"), expected = results.Read("features");

        bool narrow = expected.shape[1] == 24;
        var (card, _) = EncoderImport.Run(
            EncoderOrigin.Parse(origin), folder.File("weights.pth"), folder.File("encoder"), new(Heads: narrow ? 3 : null));

        (card.Architecture, card.ImageSize).ShouldBe((architecture, size));
        using var source = EncoderSource.Open(folder.File("encoder"), 0, size);
        Deviation(source, grey, expected).ShouldBeLessThan(1e-4);
        if (size <= 224) ModelExport.Run(source, [], folder.File("m.onnx")).ShouldContain("ONNX Runtime agrees");
    }

    [Theory]
    [InlineData("timm", "timm")]
    [InlineData("hugging face", "dinov2")]
    public void A_transformer_of_one_channel_sees_what_three_equal_ones_see(string file, string origin)
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torchvision", Write, file, folder.Path);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var results = TorchFile.Open(folder.File("results.pth"));

        var card = EncoderImport.Run(
            EncoderOrigin.Parse(origin), folder.File("weights.pth"), folder.File("encoder"), new(Channels: 1, Heads: 3)).Card;

        (card.Channels, card.Scaling).ShouldBe((1, "imagenet255"));
        using var source = EncoderSource.Open(folder.File("encoder"), 0, card.ImageSize);
        Deviation(source, results.Read("grey"), results.Read("features")).ShouldBeLessThan(1e-4); // patches reach beyond no edge: exact
    }

    [Fact]
    public void Positions_are_interpolated_to_another_size_as_the_encoder_does_itself()
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torchvision", Write, "mae", folder.Path);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (int size in (int[])[64, 96])
            EncoderImport.Run(
                EncoderOrigin.Parse("mae"), folder.File("weights.pth"), folder.File($"e{size}"), new(ImageSize: size, Heads: 3)).Notes
                .Any(n => n.StartsWith("positions learned at 64 px", StringComparison.Ordinal)).ShouldBe(size == 96);
        using EncoderSource own = EncoderSource.Open(folder.File("e64"), 0, 64), larger = EncoderSource.Open(folder.File("e96"), 0, 96);
        var images = Draw.Uniform([2, 3, 96, 96]);
        (own.Encoder.Pool(images) - larger.Encoder.Pool(images)).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        Should.Throw<UserErrorException>(() => EncoderImport.Run(
            EncoderOrigin.Parse("mae"), folder.File("weights.pth"), folder.File("odd"), new(ImageSize: 100, Heads: 3))).Message
            .ShouldContain("a multiple of 16");
    }

    [Fact]
    public void Transformers_that_cannot_be_built_are_told_with_what_was_found()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var encoder = Encoders.Create(new("vit-tiny-16", 8, 3, 64), Draw.Stream);
        string Import(Func<(string Name, Tensor Tensor), (string, Tensor)?> change, int? heads = 3)
        {
            SafeTensors.Write(
                folder.File("w.safetensors"), [.. ModuleWeights.Of(encoder).Select(w => change(w)).OfType<(string, Tensor)>()]);
            return Should.Throw<UserErrorException>(() => EncoderImport.Run(
                EncoderOrigin.Parse("mae"), folder.File("w.safetensors"), folder.File("encoder"), new(Heads: heads))).Message;
        }
        Import(w => w, heads: null).ShouldContain("width 24, 12 layers, 0 heads, patches of 16 pixels");
        Import(w => w.Name.StartsWith("blocks.11.", StringComparison.Ordinal) ? null : w).ShouldContain("11 layers");
        Import(w => w.Name == "pos_embed" ? (w.Name, zeros(1, 16, 24)) : w).ShouldContain("pos_embed has 16 positions");
        Import(w => w.Name == "blocks.3.attn.qkv.bias" ? null : w).ShouldContain("blocks.3.attn.qkv.bias is missing");
        Import(w => w.Name.StartsWith("patch_embed", StringComparison.Ordinal) ? null : w).ShouldContain("holds none of");
    }

    // Largest deviation of features of grey levels in [0, 1], standardised as the encoder's card says.
    private static double Deviation(EncoderSource source, Tensor grey, Tensor expected)
    {
        var channels = IntensityScalings.Parse(source.Card.Scaling).Standardisation(source.Card.Channels);
        var input = cat([.. channels.Select(c => (grey - c.Mean) / c.Deviation)], 1);
        return (source.Encoder.Pool(input) - expected).abs().max().item<float>();
    }
}
