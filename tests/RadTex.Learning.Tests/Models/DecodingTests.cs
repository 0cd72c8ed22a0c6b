using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class DecodingTests
{
    private const int End = 3;

    // Models far from uniform, whose captions end at different steps, against every variant of the search.
    public static TheoryData<string> Variants => [.. Searches.Keys];

    private static readonly Dictionary<string, BeamSearch> Searches = new()
    {
        ["paper"] = new(),
        ["greedy"] = BeamSearch.Greedy,
        ["wide"] = new(Beams: 5, PerNode: 3),
        ["length"] = new(Beams: 3, PerNode: 3, LengthPower: 0.7),
        ["blocked"] = new(Beams: 3, PerNode: 2, BlockedRun: 2),
        ["short"] = new(Beams: 2, PerNode: 4, MaxSteps: 5),
        ["virtex"] = BeamSearch.VirTexCompatible,
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Cached_search_gives_the_tokens_of_the_uncached_one(string variant)
    {
        var search = Searches[variant];
        var lengths = new HashSet<int>();
        for (int seed = 0; seed < 24; seed++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            using var model = Model(seed, endBias: seed % 4);
            var features = model.Encode(Draw.Uniform([3, 1, 64, 64], ScalarType.Float64));
            var expected = new UncachedBeamSearch(search).Search(model, features);
            var found = search.Search(model, features);
            for (int image = 0; image < expected.Count; image++)
            {
                found[image].Count.ShouldBe(expected[image].Count);
                foreach (var (theirs, ours) in expected[image].Zip(found[image]))
                {
                    ours.Tokens.ShouldBe(theirs.Tokens, $"seed {seed}, image {image}");
                    ours.LogProbability.ShouldBe(theirs.LogProbability, 1e-9);
                    foreach (var (a, b) in theirs.TokenLogProbabilities.Zip(ours.TokenLogProbabilities)) b.ShouldBe(a, 1e-9);
                    lengths.Add(ours.Tokens.Count);
                }
            }
        }
        if (variant != "short") lengths.Count.ShouldBeGreaterThan(5); // beams did end at different steps
    }

    [Fact]
    public void Cached_search_feeds_each_growing_beam_one_token_a_step()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(seed: 3, endBias: -10_000); // no caption ends
        var counting = new CountingCaptioner(model);
        int steps = TinyModel.Configuration.MaxTokens;
        new BeamSearch(Beams: 2, MaxSteps: steps).Search(counting, model.Encode(Draw.Uniform([4, 1, 64, 64], ScalarType.Float64)));
        counting.Fed.ShouldBe(4 + 4 * 2 * (steps - 1)); // without a cache it grows with the square of the steps
    }

    [Fact]
    public void An_image_is_read_the_same_alone_and_in_a_batch()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(seed: 3, endBias: 3);
        var features = model.Encode(Draw.Uniform([5, 1, 64, 64], ScalarType.Float64));
        var together = new BeamSearch(Beams: 3).Search(model, features);
        for (int image = 0; image < 5; image++)
            new BeamSearch(Beams: 3).Search(model, features.narrow(0, image, 1))[0].Select(c => c.Tokens)
                .ShouldBe(together[image].Select(c => c.Tokens));
    }

    [Fact]
    public void Blocked_runs_do_not_come_twice()
    {
        static int Repeats(Caption caption) => caption.Tokens.Zip(caption.Tokens.Skip(1)).GroupBy(pair => pair).Sum(run => run.Count() - 1);
        BestOfManyModels(new BeamSearch(BlockedRun: 2), endBias: -10).Sum(Repeats).ShouldBe(0);
        BestOfManyModels(new BeamSearch(), endBias: -10).Sum(Repeats).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_length_power_prefers_longer_captions()
    {
        double Mean(double power) =>
            BestOfManyModels(new BeamSearch(Beams: 4, PerNode: 4, LengthPower: power), endBias: 2).Average(caption => caption.Tokens.Count);
        Mean(1.5).ShouldBeGreaterThan(Mean(0));
    }

    [Fact]
    public void Nucleus_of_nothing_is_greedy()
    {
        using var scope = NewDisposeScope();
        using var model = Model(seed: 7, endBias: 2);
        var features = model.Encode(Draw.Uniform([4, 1, 64, 64], ScalarType.Float64)).detach();
        var greedy = BeamSearch.Greedy.Search(model, features);
        var sampled = new NucleusSampling(Mass: 1e-9).Decode(model, features);
        for (int i = 0; i < 4; i++) sampled[i].Tokens.ShouldBe(greedy[i][0].Tokens);
    }

    // First tokens of 4,000 samples against the model's own probabilities, cut to the nucleus by hand.
    [Fact]
    public void Samples_follow_the_nucleus_of_the_models_probabilities()
    {
        const int samples = 4000;
        const double mass = 0.7;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Model(seed: 8, endBias: 0);
        var features = model.Encode(Draw.Uniform([1, 1, 64, 64], ScalarType.Float64));
        using var start = CaptionBatch.Pack([[model.Configuration.StartToken, End]]);
        var probabilities = model.Logits(model.DecodeForward(model.Textual.Project(features), start)).softmax(1).data<double>().ToArray();
        var order = Enumerable.Range(0, probabilities.Length).OrderByDescending(t => probabilities[t]).ToList();
        int size = 1;
        while (order.Take(size).Sum(t => probabilities[t]) < mass) size++;
        size.ShouldBeInRange(3, probabilities.Length - 3);
        double held = order.Take(size).Sum(t => probabilities[t]);

        var found = new NucleusSampling(mass, MaxSteps: 1, Seed: 4).Decode(model, features.expand(samples, -1, -1, -1)).CountBy(c => c.Tokens[0])
            .ToDictionary();

        found.Keys.ShouldBeSubsetOf(order.Take(size));
        foreach (int token in order.Take(size))
        {
            double expected = samples * probabilities[token] / held;
            ((double)found.GetValueOrDefault(token)).ShouldBe(expected, 5 * Math.Sqrt(expected) + 1);
        }
    }

    [Fact]
    public void A_seed_decides_the_samples()
    {
        using var scope = NewDisposeScope();
        using var model = Model(seed: 9, endBias: 0);
        var features = model.Encode(Draw.Uniform([4, 1, 64, 64], ScalarType.Float64)).detach();
        List<int[]> Tokens(long seed) => [.. new NucleusSampling(Seed: seed).Decode(model, features).Select(c => c.Tokens.ToArray())];
        Tokens(1).ShouldBe(Tokens(1));
        Tokens(1).ShouldNotBe(Tokens(2));
    }

    private static List<Caption> BestOfManyModels(BeamSearch search, double endBias)
    {
        var best = new List<Caption>();
        for (int seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            using var model = Model(seed, endBias);
            best.AddRange(
                search.Search(model, model.Encode(Draw.Uniform([2, 1, 64, 64], ScalarType.Float64)).detach()).Select(captions => captions[0]));
        }
        return best;
    }

    private static RadTexModel Model(long seed, double endBias)
    {
        var model = TinyModel.Build(seed);
        using (no_grad())
        {
            // Far from uniform; drawn by a generator of its own, since torch's is shared with tests that run beside this one.
            using var generator = new Generator((ulong)seed + 1);
            foreach (var parameter in model.Textual.parameters().Where(p => p.dim() > 1))
                parameter.copy_(randn(parameter.shape, dtype: parameter.dtype, generator: generator) * (6 * parameter.std().item<double>()));
            model.Textual.OutputBias[End].add_(endBias);
        }
        model.eval();
        return model;
    }

    /// <summary>Counts the tokens that a search feeds.</summary>
    private sealed class CountingCaptioner(ICaptioner captioner) : ICaptioner
    {
        internal int Fed { get; private set; }

        public ModelConfiguration Configuration => captioner.Configuration;

        public ICaptionSteps Begin(Tensor features, int rowsPerImage, int longest) =>
            new Steps(this, captioner.Begin(features, rowsPerImage, longest));

        private sealed class Steps(CountingCaptioner owner, ICaptionSteps steps) : ICaptionSteps
        {
            public Tensor Next(IReadOnlyList<int> tokens)
            {
                owner.Fed += tokens.Count;
                return steps.Next(tokens);
            }

            public void Keep(IReadOnlyList<int> parents) => steps.Keep(parents);

            public void Forget() => steps.Forget();

            public void Dispose() => steps.Dispose();
        }
    }
}
