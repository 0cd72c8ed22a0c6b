using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Pretraining;

/// <summary>Words that are hidden, and the model that names them, beside PyTorch's; Golden/README.md gives the form.</summary>
[Collection(nameof(SerialTorch))]
public sealed class MaskedWordsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Loss_and_gradients_are_PyTorchs()
    {
        using var scope = NewDisposeScope();
        using var golden = Golden.Open("objectives/masked-words");
        var root = golden.RootElement;
        int Size(string key) => root.GetProperty(key).GetInt32();
        int[][] Lists(string key) => [.. root.GetProperty(key).EnumerateArray().Select(t => t.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
        using var head = new TextualHead(
            new(VocabularySize: Size("vocabulary"), Hidden: Size("hidden"), Layers: Size("layers"), Heads: Size("heads"),
                Feedforward: Size("feedforward"), MaxTokens: Size("max_tokens"), Dropout: 0), Size("feature_width"), compute: null, Draw.Stream);
        head.to(ScalarType.Float64);
        using (no_grad())
            foreach (var (name, parameter) in head.named_parameters())
                parameter.copy_(parameter.dim() > 1 ? Golden.Filled(name, 0.3, parameter.shape)
                    : Golden.Filled(name, 0.02, parameter.shape)
                        + (name.Contains("norm") && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0));
        int[][] tokens = Lists("tokens"), places = Lists("places"), words = Lists("words");
        MaskedText[] hidden = [.. tokens.Select((text, i) => new MaskedText(text, places[i], words[i]))];
        using var data = MaskedWordsPart.Of(empty(0), hidden, CPU);

        var rows = MaskedWordsModel.Hidden(
            head, Golden.Filled("features", 1, [tokens.Length, Size("feature_width"), Size("side"), Size("side")]), data.Texts, data.Rows);
        var (loss, _) = TokenCrossEntropy.Sum(rows, head.OutputWeight, head.OutputBias, data.Words, null, 1.0 / data.Words.shape[0]);
        loss.backward();

        loss.item<double>().ShouldBe(root.GetProperty("loss").GetDouble(), 1e-9);
        var norms = root.GetProperty("gradient_norms");
        head.named_parameters().Select(p => p.name).ShouldBe(norms.EnumerateObject().Select(p => p.Name), ignoreOrder: true);
        foreach (var (name, parameter) in head.named_parameters())
            parameter.grad!.norm().item<double>().ShouldBe(norms.GetProperty(name).GetDouble(), 1e-9, name);
    }

    [Fact]
    public void Shares_of_the_words_are_masked_replaced_and_kept_and_special_tokens_never()
    {
        var vocabulary = Vocabulary();
        int[] text = [vocabulary.StartId, .. Enumerable.Repeat(vocabulary.Count - 1, 198), vocabulary.EndId];
        int masked = 0, kept = 0, all = 0;
        for (ulong i = 0; i < 200; i++)
        {
            var hidden = MaskedText.Hide(text, new MaskedWordsObjective(), vocabulary, new CounterRandom(3, i));
            hidden.Places.Length.ShouldBe(30); // 15% of 198
            hidden.Places.ShouldAllBe(p => p > 0 && p < 199);
            hidden.Words.ShouldAllBe(w => w == vocabulary.Count - 1);
            (hidden.Tokens[0], hidden.Tokens[^1]).ShouldBe((vocabulary.StartId, vocabulary.EndId));
            all += hidden.Places.Length;
            masked += hidden.Places.Count(p => hidden.Tokens[p] == vocabulary.MaskId);
            kept += hidden.Places.Count(p => hidden.Tokens[p] == text[p]);
            hidden.Tokens.Where((t, p) => !hidden.Places.Contains(p) && t != text[p]).ShouldBeEmpty();
        }
        ((double)masked / all).ShouldBe(0.85, 0.02);
        ((double)kept / all).ShouldBe(0.05 + 0.1 / (vocabulary.Count - 5), 0.02); // a replaced word may be drawn again
        MaskedText.Hide([vocabulary.StartId, 9, vocabulary.EndId], new MaskedWordsObjective(Share: 0.01), vocabulary, new(1)).Places.ShouldBe([1]);
    }

    [Fact]
    public void Bert_shares_are_an_option_and_shares_out_of_range_are_told()
    {
        ConfigurationReader.Read("phantom", null, ["objective.name=masked-words", "objective.masked=0.8"]).Objective
            .ShouldBe(new MaskedWordsObjective(Masked: 0.8));
        Should.Throw<UserErrorException>(() => ConfigurationReader.Read("phantom", null, ["objective.name=masked-words", "objective.masked=0.95"]))
            .Message.ShouldContain("shares of 1 together at most");
    }

    private WordPieceVocabulary Vocabulary()
    {
        var dataset = TinyRun.WriteDataset(folder.File("dataset"));
        return VocabularyBuilder.Build(CaptionCorpus.Read(dataset), 200);
    }
}
