using System.Text.Json;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>
/// A checkpoint of VirTex's shape, written by PyTorch with torch's own decoder, captions here with the tokens it captions with there.
/// </summary>
public sealed class VirTexImportTests
{
    private const string Write = """
        import sys, json, math, torch, torchvision
        from torch import nn
        folder = sys.argv[1]
        torch.manual_seed(3)
        V, D, H, FF, L, T = 83, 128, 2, 96, 2, 14
        class Direction(nn.Module):
            def __init__(self):
                super().__init__()
                self.visual_projection = nn.Linear(512, D)
                self.embedding = nn.Module()
                self.embedding.words = nn.Embedding(V, D, padding_idx=0)
                self.embedding.positions = nn.Embedding(T, D)
                self.embedding.layer_norm = nn.LayerNorm(D, eps=1e-8)
                self.transformer = nn.TransformerDecoder(nn.TransformerDecoderLayer(D, H, FF, dropout=0.1, activation='gelu', batch_first=True), L)
                self.output = nn.Linear(D, V)
                self.output.weight = self.embedding.words.weight
        model = nn.Module()
        model.visual = nn.Module()
        model.visual.cnn = torchvision.models.resnet18()
        model.visual.cnn.fc = nn.Identity()
        model.textual, model.backward_textual = Direction(), Direction()
        for part in ('visual_projection', 'embedding', 'output'): setattr(model.backward_textual, part, getattr(model.textual, part))
        with torch.no_grad():
            for n, p in model.named_parameters():
                if 'textual' in n and p.dim() > 1: p.normal_(0, 0.25)
            for m in model.visual.modules():
                if isinstance(m, nn.BatchNorm2d): m.running_mean.normal_(0, 0.1); m.running_var.uniform_(0.5, 2)
            model.textual.embedding.words.weight[0] = 0
        model.eval()
        images = torch.randn(3, 3, 64, 64)
        c, t = model.visual.cnn, model.textual
        @torch.no_grad()
        def logits(memory, tokens):
            x = t.embedding.layer_norm(t.embedding.words(tokens) + t.embedding.positions(torch.arange(tokens.shape[1])))
            n = tokens.shape[1]
            return t.output(t.transformer(x, memory, tgt_mask=torch.triu(torch.full((n, n), -math.inf), 1)))
        captions = []
        with torch.no_grad():
            for image in images:
                f = c.layer4(c.layer3(c.layer2(c.layer1(c.maxpool(c.relu(c.bn1(c.conv1(image[None]))))))))
                memory = t.visual_projection(f.flatten(2).transpose(1, 2))
                tokens, score = [], 0.0
                while len(tokens) < T and (not tokens or tokens[-1] != 2):
                    logp = logits(memory, torch.tensor([[1] + tokens]))[0, -1].log_softmax(0)
                    if tokens: logp[tokens[-1]] = -10000
                    tokens.append(int(logp.argmax())); score += float(logp.max())
                captions.append({'tokens': tokens, 'score': score})
        torch.save({'model': model.state_dict(), 'iteration': 7, 'optimizer': {'state': {0: {'momentum_buffer': torch.ones(2)}}, 'param_groups': [{'lr': 0.1, 'params': [0]}]}}, folder + '/virtex.pth')
        torch.save({'images': images}, folder + '/images.pth')
        print(json.dumps({'captions': captions, 'keys': len(model.state_dict())}))
        """;

    [Fact]
    public void A_VirTex_checkpoint_captions_an_image_with_Pythons_tokens()
    {
        using var folder = new TemporaryFolder();
        var expected = JsonDocument.Parse(ExternalProgram.RunPython("torchvision", Write, folder.Path)).RootElement;
        var (written, notes) = VirTexImport.Run(folder.File("virtex.pth"), folder.File("model"));
        notes.ShouldContain(note => note.Contains("captions come as token ids"));
        (written.Model.Backbone, written.Model.Channels, written.ImageSize, written.Scaling).ShouldBe(("resnet18", 3, 224, "imagenet255"));
        (written.Model.Layers, written.Model.Hidden, written.Model.VocabularySize).ShouldBe((2, 128, 83));

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (model, vocabulary, card) = ModelFolder.Read(folder.File("model"));
        (card.Model.Heads, card.Model.MaxTokens, card.Model.StartToken, card.Model.EndToken).ShouldBe((2, 14, 1, 2));
        vocabulary[17].ShouldBe("17");
        using var images = TorchFile.Open(folder.File("images.pth"));
        var found = new BeamSearch(Beams: 1, PerNode: 1, MaxSteps: 14).Search(model, model.Encode(images.Read("images")));
        int i = 0, distinct = 0;
        foreach (var caption in expected.GetProperty("captions").EnumerateArray())
        {
            found[i][0].Tokens.ShouldBe(caption.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()));
            found[i][0].LogProbability.ShouldBe(caption.GetProperty("score").GetDouble(), 1e-3);
            distinct += found[i++][0].Tokens.Distinct().Count();
        }
        distinct.ShouldBeGreaterThan(6, "captions that say something");
    }

    [Fact]
    public void A_SentencePiece_vocabulary_gives_words_and_one_of_another_size_is_refused()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder.File("v.safetensors"), Tiny());
        string[] pieces = ["<unk>", "[SOS]", "[EOS]", "[MASK]", "\u2581lung", "s", "\u2581"];
        File.WriteAllText(folder.File("v.vocab"), string.Concat(pieces.Select((p, i) => $"{p}\t{-i}\n")));
        VirTexImport.Run(folder.File("v.safetensors"), folder.File("model"), folder.File("v.vocab"), heads: 2);
        var vocabulary = ModelFolder.Read(folder.File("model")).Vocabulary;
        Enumerable.Range(0, 7).Select(i => vocabulary[i]).ShouldBe(["[PAD]", "[CLS]", "[SEP]", "[UNK]", "lung", "##s", ""]);
        File.AppendAllText(folder.File("v.vocab"), "more\t-9\n");
        Should.Throw<UserErrorException>(
            () => VirTexImport.Run(folder.File("v.safetensors"), folder.File("other"), folder.File("v.vocab"), heads: 2)).Message
                .ShouldContain("8 lines; the model has 7 tokens");
    }

    [Fact]
    public void A_copy_that_differs_from_what_VirTex_ties_is_refused()
    {
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder.File("v.safetensors"), [.. Tiny(), ("textual.output.weight", ones(7, 8))]);
        Should.Throw<UserErrorException>(() => VirTexImport.Run(folder.File("v.safetensors"), folder.File("model"), heads: 2)).Message
            .ShouldContain("textual.output.weight differs from textual.embedding.words.weight");
    }

    private static List<(string, Tensor)> Tiny()
    {
        using var model = new RadTexModel(new("resnet18", 3, 7, 8, 1, 2, 8, 5, StartToken: 1, EndToken: 2, BackboneWidth: 2));
        return [.. ModuleWeights.Of(model).Select(w => (w.Name, w.Tensor.clone()))];
    }
}
