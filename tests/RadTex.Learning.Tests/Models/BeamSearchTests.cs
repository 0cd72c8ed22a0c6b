using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class BeamSearchTests
{
    private const int End = 3;

    // With as many beams and continuations as there are captions nothing is pruned: the search must find the best of all.
    [Fact]
    public void Unpruned_search_finds_the_best_of_all_captions()
    {
        const int vocabulary = 6, steps = 3;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new RadTexModel(TinyModel.Configuration with { VocabularySize = vocabulary }, generator: Draw.Stream);
        model.to(ScalarType.Float64);
        foreach (var parameter in model.Textual.parameters()) parameter.mul_(8); // far from uniform
        model.eval();
        var features = model.Encode(Draw.Uniform([1, 1, 64, 64], ScalarType.Float64));

        var all = AllCaptions(vocabulary, steps).Select(c => (Caption: c, Score: Score(model, features, c)))
            .OrderByDescending(c => c.Score).ToList();
        var found = new BeamSearch(Beams: 1000, PerNode: vocabulary, MaxSteps: steps).Search(model, features)[0];

        found[0].LogProbability.ShouldBe(all[0].Score, 1e-10);
        found[0].Tokens.TakeWhile(t => t != End).ShouldBe(all[0].Caption.TakeWhile(t => t != End));
        found[1].LogProbability.ShouldBe(all[1].Score, 1e-10);
    }

    [Fact]
    public void No_token_follows_itself_and_no_caption_is_longer_than_asked()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = TinyModel.Build(seed: 8);
        model.eval();
        foreach (var captions in new BeamSearch(Beams: 3, MaxSteps: 9).Search(model, model.Encode(Draw.Uniform([4, 1, 64, 64], ScalarType.Float64))))
            foreach (var caption in captions)
            {
                caption.Tokens.Count.ShouldBeInRange(1, 9);
                caption.Tokens.Zip(caption.Tokens.Skip(1)).ShouldAllBe(pair => pair.First != pair.Second || pair.First == End);
            }
    }

    // Captions of the search's own rules: the end token only once and last, no immediate repeats.
    private static IEnumerable<int[]> AllCaptions(int vocabulary, int steps)
    {
        IEnumerable<int[]> Extend(int[] prefix)
        {
            if (prefix.Length > 0 && (prefix[^1] == End || prefix.Length == steps)) return [prefix];
            return Enumerable.Range(0, vocabulary).Where(t => prefix.Length == 0 || t != prefix[^1]).SelectMany(t => Extend([.. prefix, t]));
        }
        return Extend([]);
    }

    private static double Score(RadTexModel model, Tensor features, int[] caption)
    {
        using var scope = NewDisposeScope();
        using var batch = CaptionBatch.Pack([(int[])[model.Configuration.StartToken, .. caption]]);
        var logits = model.Logits(model.DecodeForward(model.Textual.Project(features), batch)).log_softmax(1);
        return Enumerable.Range(0, caption.Length).Sum(t => logits[t, caption[t]].item<double>());
    }
}
