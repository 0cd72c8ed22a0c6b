using RadTex.Metrics.Agreement;

namespace RadTex.Tests.Metrics;

/// <summary>Agreement of readers against the worked examples of those who published each figure.</summary>
public sealed class AgreementTests
{
    /// <summary>Fleiss 1971, table 1: 30 patients, 6 psychiatrists, 5 diagnoses; how many chose each.</summary>
    private static readonly int[][] Fleiss1971 =
    [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1],
        [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
        [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
    ];

    /// <summary>Krippendorff 2011, example C: 4 observers, 12 units, 5 values; 0 for none.</summary>
    private static readonly int[][] Krippendorff2011 =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3], [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];

    [Fact]
    public void Fleiss_kappa_of_the_psychiatrists_is_the_published_one() =>
        ReaderAgreement.FleissKappa(OfCounts(Fleiss1971, 6))!.Value.ShouldBe(0.430, 5e-4);

    [Theory]
    [InlineData(DisagreementWeight.Nominal, 0.743)]
    [InlineData(DisagreementWeight.Ordinal, 0.815)]
    [InlineData(DisagreementWeight.Interval, 0.849)]
    public void Krippendorffs_alpha_of_the_four_observers_is_the_published_one(DisagreementWeight level, double expected)
    {
        var ratings = Enumerable.Range(0, 12).SelectMany(unit => Krippendorff2011.Select(o => o[unit] == 0 ? (int?)null : o[unit] - 1));
        ReaderAgreement.KrippendorffAlpha(new(4, 5, [.. ratings]), level)!.Value.ShouldBe(expected, 5e-4);
    }

    [Fact]
    public void Gwets_ac1_holds_where_kappa_collapses()
    {
        var table = OfPairs(118, 5, 2, 0); // Gwet 2002: agreement 0.944 with a category of a few percent
        ReaderAgreement.GwetAc1(table)!.Value.ShouldBe(0.9408, 5e-5);
        ReaderAgreement.CohenKappa(table)!.Value.ShouldBe(-0.0234, 5e-5);
        ReaderAgreement.OnCategory(table, 0)!.Value.ShouldBe(2 * 118 / (2 * 118 + 7.0), 1e-12);
        ReaderAgreement.OnCategory(table, 1).ShouldBe(0);
    }

    [Fact]
    public void Cohens_kappa_is_agreement_beyond_that_of_the_margins()
    {
        ReaderAgreement.CohenKappa(OfPairs(20, 5, 10, 15))!.Value.ShouldBe(0.4, 1e-12);
        ReaderAgreement.CohenKappa(OfPairs(30, 0, 0, 20)).ShouldBe(1);
        ReaderAgreement.CohenKappa(OfPairs(30, 0, 0, 0)).ShouldBeNull(); // one category alone
    }

    [Theory]
    [InlineData(DisagreementWeight.Ordinal, 0.4482758620689655)] // scikit-learn 1.2.1, cohen_kappa_score, weights="linear"
    [InlineData(DisagreementWeight.Interval, 0.4418604651162791)] // weights="quadratic"
    public void Weighted_kappa_counts_far_disagreements_more(DisagreementWeight weighting, double expected)
    {
        int[] first = [0, 0, 1, 1, 2, 2, 0, 1], second = [0, 1, 1, 2, 2, 2, 2, 1];
        var table = new RatingTable(2, 3, [.. first.Zip(second, (a, b) => (int?[])[a, b]).SelectMany(p => p)]);
        ReaderAgreement.CohenKappa(table, weighting)!.Value.ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Two_readers_have_about_the_same_kappa_and_alpha_with_many_cases()
    {
        var random = new CounterRandom(3);
        var ratings = Enumerable.Range(0, 4_000).SelectMany(_ =>
        {
            int truth = random.Below(2);
            return (int?[])[random.Chance(0.1f) ? 1 - truth : truth, random.Chance(0.1f) ? 1 - truth : truth];
        });
        var table = new RatingTable(2, 2, [.. ratings]);
        double kappa = ReaderAgreement.CohenKappa(table)!.Value;
        ReaderAgreement.KrippendorffAlpha(table)!.Value.ShouldBe(kappa, 2e-3);
        ReaderAgreement.FleissKappa(table)!.Value.ShouldBe(kappa, 2e-3);
        ReaderAgreement.GwetAc1(table)!.Value.ShouldBe(kappa, 2e-3); // at a prevalence of one half all are the same
    }

    [Fact]
    public void Intervals_leave_out_patients_not_cases()
    {
        var random = new CounterRandom(5);
        List<int?> ratings = [];
        List<int> patients = [];
        for (int patient = 0; patient < 60; patient++)
        {
            int truth = random.Below(2), second = random.Chance(0.15f) ? 1 - truth : truth;
            for (int copy = 0; copy < 4; copy++) // the same case four times over says nothing new
            {
                ratings.AddRange([truth, second]);
                patients.Add(patient);
            }
        }
        var (clustered, _) = AgreementInterval.Of(t => ReaderAgreement.CohenKappa(t), new(2, 2, ratings), patients);
        int?[] once = [.. Enumerable.Range(0, 60).SelectMany(p => new[] { ratings[8 * p], ratings[8 * p + 1] })];
        var (single, _) = AgreementInterval.Of(t => ReaderAgreement.CohenKappa(t), new(2, 2, once), [.. Enumerable.Range(0, 60)]);
        clustered!.Value.Lower.ShouldBe(single!.Value.Lower, 1e-9);
        clustered.Value.Upper.ShouldBe(single.Value.Upper, 1e-9);
        single.Value.Lower.ShouldBeLessThan(single.Value.Estimate);
        AgreementInterval.Of(t => ReaderAgreement.CohenKappa(t), OfPairs(5, 1, 1, 2), [.. Enumerable.Range(0, 9)]).Reason!
            .ShouldContain("fewer than 10");
    }

    [Fact]
    public void Jackknife_intervals_of_kappa_cover_what_they_claim()
    {
        const double error = 0.15;
        double truth = (1 - 2 * error) * (1 - 2 * error); // balanced classes, two readers who err alike
        int held = 0;
        for (int run = 0; run < 300; run++)
        {
            var random = new CounterRandom(7, (ulong)run);
            var ratings = Enumerable.Range(0, 80).SelectMany(_ =>
            {
                int label = random.Below(2);
                return (int?[])[random.UniformDouble() < error ? 1 - label : label, random.UniformDouble() < error ? 1 - label : label];
            });
            var interval = AgreementInterval
                .Of(t => ReaderAgreement.CohenKappa(t), new(2, 2, [.. ratings]), [.. Enumerable.Range(0, 80)]).Interval!.Value;
            if (interval.Lower <= truth && truth <= interval.Upper) held++;
        }
        (held / 300.0).ShouldBeInRange(0.91, 0.99);
    }

    private static RatingTable OfPairs(int bothAbsent, int firstAbsent, int secondAbsent, int bothPresent)
    {
        IEnumerable<(int, int)> pairs =
            [.. Enumerable.Repeat((0, 0), bothAbsent), .. Enumerable.Repeat((0, 1), firstAbsent), .. Enumerable.Repeat((1, 0), secondAbsent),
                .. Enumerable.Repeat((1, 1), bothPresent)];
        return new(2, 2, [.. pairs.SelectMany(p => (int?[])[p.Item1, p.Item2])]);
    }

    private static RatingTable OfCounts(int[][] counts, int readers) =>
        new(readers, counts[0].Length, [.. counts.SelectMany(c => c.SelectMany((count, category) => Enumerable.Repeat((int?)category, count)))]);
}
