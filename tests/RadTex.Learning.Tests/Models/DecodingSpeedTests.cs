using System.Diagnostics;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>
/// The cached search against the uncached one, which projects only the last position. Captions never end, so that both make all steps.
/// Measured is the processor time on one thread, which on a free machine is the wall clock's. The uncached search takes images one
/// after the other, so that one image's time tells all of theirs.
/// Explicit, since a clock decides: <c>-class RadTex.Learning.Tests.Models.DecodingSpeedTests -explicit only</c>; docs/results/decoding.md
/// holds its last figures.
/// </summary>
[Collection(nameof(SerialTorch))]
public sealed class DecodingSpeedTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Cached_search_is_faster_at_toy_size()
    {
        var sizes = TinyModel.Configuration with { VocabularySize = 800, Hidden = 128, Layers = 1, Heads = 4, Feedforward = 512, MaxTokens = 40 };
        Times(sizes, images: 8).ShouldBeGreaterThan(2);
    }

    [Theory(Explicit = true)]
    [InlineData(1, 3)]
    [InlineData(16, 15)]
    public void Cached_search_is_as_fast_as_asked_at_full_width_and_170_tokens(int images, double times) =>
        Times(new ModelConfiguration(Dropout: 0), images).ShouldBeGreaterThanOrEqualTo(times);

    private double Times(ModelConfiguration sizes, int images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            using var model = new RadTexModel(sizes, generator: Draw.Stream);
            foreach (var parameter in model.Textual.parameters().Where(p => p.dim() > 1)) parameter.mul_(4);
            model.Textual.OutputBias[sizes.EndToken].fill_(-10_000);
            model.eval();
            var features = Draw.Uniform([images, model.Encoder.FeatureWidth, 8, 8]);
            var search = new BeamSearch(MaxSteps: sizes.MaxTokens);
            new BeamSearch(MaxSteps: 2).Search(model, features); // warm
            double cached = Seconds(() => search.Search(model, features)[^1][0].Tokens.Count.ShouldBe(sizes.MaxTokens));
            double uncached = images * Seconds(
                () => new UncachedBeamSearch(search).Search(model, features.narrow(0, 0, 1))[0][0].Tokens.Count.ShouldBe(sizes.MaxTokens));
            output.WriteLine(
                $"batch {images}, {sizes.MaxTokens} tokens, {search.Beams} beams, width {sizes.Hidden}, "
                    + $"{sizes.VocabularySize:N0} tokens, float32: uncached {uncached:F1} s, cached {cached:F2} s, "
                    + $"{uncached / cached:F1} times");
            return uncached / cached;
        }
        finally { set_num_threads(threads); }
    }

    private static double Seconds(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        action();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }
}
