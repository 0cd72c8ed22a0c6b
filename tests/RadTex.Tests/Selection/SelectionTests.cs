using RadTex.Heads;
using RadTex.Metrics.Intervals;
using RadTex.Selection;

namespace RadTex.Tests.Selection;

public sealed class SelectionTests
{
    private const int Width = 6;

    public static TheoryData<string> Policies => [.. SelectionPolicies.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_policy_chooses_available_rows_once_and_the_same_ones_again(string name)
    {
        var (pool, features, classes) = Made(200, 1);
        var policy = SelectionPolicies.Of(name);
        int[] labelled = [.. Enumerable.Range(0, 12)], available = [.. Enumerable.Range(20, 150)];
        var head = LiveHead.Fit(features, LiveHead.MeansOf(features), labelled, [.. labelled.Select(i => classes[i])], 2, 1);
        foreach (var known in new[] { head, null })
        {
            var state = new SelectionState(pool, labelled, [.. labelled.Select(i => classes[i])], available, known, 5);
            var chosen = policy.Choose(state, 8);
            chosen.Count.ShouldBe(8);
            chosen.ShouldBeUnique();
            chosen.ShouldBeSubsetOf(available);
            policy.Choose(state, 8).ShouldBe(chosen);
            policy.Choose(state with { Available = [20, 21] }, 8).ShouldBe([20, 21], ignoreOrder: true);
        }
        var first = policy.Choose(new(pool, [], [], available, null, 5), 4);
        first.Count.ShouldBe(4);
        first.ShouldBeSubsetOf(available);
    }

    [Fact]
    public void Typical_picks_lie_in_different_groups_and_not_at_their_edges()
    {
        // Three groups of 40 and two far outliers.
        var random = new CounterRandom(2);
        var values = new List<float>();
        for (int i = 0; i < 120; i++)
            for (int f = 0; f < Width; f++) values.Add((f == i / 40 ? 8 : 0) + random.Normal());
        values.AddRange([-40, 30, -30, 40, -30, 40, 40, -40, 30, -30, 30, -40]);
        var pool = new SelectionPool([.. values], Width, [.. Enumerable.Range(0, 122).Select(i => $"p{i}")]);
        var chosen = new TypicalPolicy().Choose(new(pool, [], [], [.. Enumerable.Range(0, 122)], null, 3), 5);
        chosen.ShouldNotContain(120);
        chosen.ShouldNotContain(121);
        chosen.Select(i => i / 40).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Typical_picks_alternate_between_the_halves_of_a_prior()
    {
        var (_, features, _) = Made(200, 4);
        double[] prior = [.. Enumerable.Range(0, 200).Select(i => (double)i)];
        var values = new float[200 * Width];
        for (int i = 0; i < 200; i++) features.Row(i).CopyTo(values.AsSpan(i * Width));
        var pool = new SelectionPool(values, Width, [.. Enumerable.Range(0, 200).Select(i => $"p{i}")], prior);
        var chosen = new TypicalPolicy().Choose(new(pool, [], [], [.. Enumerable.Range(0, 200)], null, 3), 6);
        chosen.Count(i => i >= 100).ShouldBe(3);
    }

    [Fact]
    public void K_centre_takes_the_farthest()
    {
        float[] values = [0, 1, 0.1f, 1, 1, 0, -1, 0, 0, -1];
        var pool = new SelectionPool(values, 2, ["a", "b", "c", "d", "e"]);
        var chosen = new KCentrePolicy().Choose(new(pool, [0], [0], [1, 2, 3, 4], null, 1), 3);
        chosen.ShouldNotContain(1); // nearly the labelled one
    }

    [Fact]
    public void Margin_takes_what_the_head_is_least_sure_of()
    {
        var (pool, features, classes) = Made(100, 8);
        int[] labelled = [.. Enumerable.Range(0, 30)];
        var head = LiveHead.Fit(features, LiveHead.MeansOf(features), labelled, [.. labelled.Select(i => classes[i])], 2, 1)!;
        int[] available = [.. Enumerable.Range(30, 70)];
        var chosen = new MarginPolicy().Choose(new(pool, labelled, [], available, head, 1), 5);
        double worst = chosen.Max(i => Math.Abs(head.Probability(i) - 0.5));
        available.Except(chosen).ShouldAllBe(i => Math.Abs(head.Probability(i) - 0.5) >= worst);
    }

    [Fact]
    public void A_live_head_is_the_head_of_a_transfer_and_drops_features_to_their_mean()
    {
        var (_, features, classes) = Made(80, 9);
        int[] rows = [.. Enumerable.Range(0, 40)], labels = [.. rows.Select(i => classes[i])];
        float[] means = LiveHead.MeansOf(features);
        var head = LiveHead.Fit(features, means, rows, labels, 2, 6)!;
        var (expected, _, _, heldOut) = LogisticHead.Fit(features, rows, labels, 2, new CounterRandom(6));
        head.Weights.Weights.ShouldBe(expected.Weights);
        head.HeldOut!.Logits.ShouldBe(heldOut);
        head.Probability(50, new bool[Width], 1).ShouldBe(head.Probability(50), 1e-6); // means are float32
        double mean = head.Weights.Biases[0] + Enumerable.Range(0, Width).Sum(f => head.Weights.Weights[f] * means[f]);
        head.Probability(50, [.. Enumerable.Repeat(true, Width)], 0.25).ShouldBe(1 / (1 + Math.Exp(-mean)), 1e-9);
        LiveHead.Fit(features, means, rows, [.. rows.Select(_ => 1)], 2, 6).ShouldBeNull();
    }

    [Fact]
    public void The_reserve_is_one_radiograph_a_patient_in_a_fixed_order_with_what_it_stands_for()
    {
        string[] patients = [.. Enumerable.Range(0, 90).Select(i => $"p{i / 3}")];
        var pool = new SelectionPool([.. Enumerable.Range(0, 90).Select(i => (float)i)], 1, patients);
        var reserve = Reserve.Draw(pool, 10, 4);
        reserve.Rows.Select(pool.PatientOf).ShouldBeUnique();
        reserve.Rows.Count.ShouldBe(10);
        reserve.Weights.ShouldAllBe(w => w == 3);
        reserve.Chance.ShouldBe(1 / 3.0, 1e-12);
        Reserve.Draw(pool, 15, 4).Rows.Take(10).ShouldBe(reserve.Rows); // a larger one begins with it
        Reserve.Draw(pool, 40, 4).Rows.Count.ShouldBe(15); // half of the patients at most
        Enumerable.Range(0, 90).Count(row => reserve.Holds(pool, row)).ShouldBe(30);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_replay_asks_each_radiograph_once_and_one_in_five_of_the_reserve(string name)
    {
        var (_, train, classes) = Made(240, 10);
        var (_, test, truth) = Made(150, 11);
        var replay = new SelectionReplay(train, classes, test, [.. truth.Select(c => c == 1)]);
        var result = replay.Run(SelectionPolicies.Of(name), new([10, 20, 40], 3), TestContext.Current.CancellationToken);
        result.Points.Select(p => p.Labels).ShouldBe([10, 20, 40]);
        result.Points[^1].Auc.ShouldBeGreaterThan(0.6);
        result.AreaUnderCurve.ShouldBe(
            (10 * (result.Points[0].Auc + result.Points[1].Auc) / 2 + 20 * (result.Points[1].Auc + result.Points[2].Auc) / 2) / 30, 1e-12);
        replay.Run(SelectionPolicies.Of(name), new([10, 20, 40], 3), TestContext.Current.CancellationToken).Points.ShouldBe(result.Points);
        Should.Throw<UserErrorException>(() => replay.Run(SelectionPolicies.Of(name), new([300], 3), TestContext.Current.CancellationToken)).Message
            .ShouldContain("labels are to be replayed");
    }

    [Fact]
    public void The_auc_within_folds_compares_no_scores_of_two_heads()
    {
        // Perfect within each fold; the second fold's scores are all above the first's.
        double[] scores = [.. Enumerable.Range(0, 40).Select(i => i / 20 * 100.0 + i % 20)];
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 20 >= 9)];
        scores[9] = 8.5; // one pair wrong: 10 of fold 0 lies under one negative
        scores[8] = 8.6;
        int[] folds = [.. Enumerable.Range(0, 40).Select(i => i / 20)], patients = [.. Enumerable.Range(0, 40)];
        var (interval, reason) = FoldedAuc.Of(scores, labels, folds, patients);
        reason.ShouldBeNull();
        interval!.Value.Estimate.ShouldBe(1 - 1 / 198.0, 1e-12);
        interval.Value.Lower.ShouldBeLessThan(interval.Value.Estimate);
        FoldedAuc.Of(scores.AsSpan(0, 15), labels.AsSpan(0, 15), folds.AsSpan(0, 15), patients.AsSpan(0, 15)).Reason!.ShouldContain("fewer than 10");
    }

    [Fact]
    public void A_weight_of_two_is_an_example_twice()
    {
        var random = new CounterRandom(7);
        const int Count = 60;
        bool[] labels = [.. Enumerable.Range(0, Count).Select(i => i % 3 == 0)];
        double[] scores = [.. labels.Select(l => random.Uniform() + (l ? 0.4 : 0))],
            weights = [.. Enumerable.Range(0, Count).Select(i => 1.0 + i % 2)];
        int[] folds = [.. Enumerable.Range(0, Count).Select(i => i % 5)], patients = [.. Enumerable.Range(0, Count)];
        int[] twice = [.. Enumerable.Range(0, Count).SelectMany(i => Enumerable.Repeat(i, 1 + i % 2))];
        var weighted = FoldedAuc.Of(scores, labels, folds, patients, weights).Interval!.Value;
        var repeated = FoldedAuc.Of(
            Array.ConvertAll(twice, i => scores[i]), Array.ConvertAll(twice, i => labels[i]), Array.ConvertAll(twice, i => folds[i]),
            Array.ConvertAll(twice, i => patients[i])).Interval!.Value;
        weighted.Estimate.ShouldBe(repeated.Estimate, 1e-12);
        // The width differs by Student's factor alone: a patient left out is left out with all it stands for.
        (weighted.Upper - weighted.Lower).ShouldBe(repeated.Upper - repeated.Lower, 0.02);
    }

    [Fact]
    public void Unknown_policies_are_named() =>
        Should.Throw<UserErrorException>(() => SelectionPolicies.Of("best")).Message.ShouldContain("Expected random, typical");

    internal static SelectionReplay Replay(int count, ulong seed)
    {
        var (_, train, classes) = Made(count, seed);
        var (_, test, truth) = Made(80, seed + 100);
        return new(train, classes, test, [.. truth.Select(c => c == 1)]);
    }

    /// <summary>Two overlapping classes of equal size, apart along the first feature.</summary>
    private static (SelectionPool Pool, RadiographFeatures Features, int[] Classes) Made(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        int[] classes = [.. Enumerable.Range(0, count).Select(i => i % 2)];
        var values = new float[count * Width];
        for (int i = 0; i < count; i++)
            for (int f = 0; f < Width; f++) values[i * Width + f] = 5 + random.Normal() * (f + 1) + (f == 0 ? classes[i] * 2 : 0);
        var features = MadeFeatures.Of(count, Width, (i, f) => values[i * Width + f], ["Edema"], i => [classes[i]], i => $"p{i}");
        return (new(values, Width, [.. features.Radiographs.Select(r => r.PatientId)]), features, classes);
    }
}
