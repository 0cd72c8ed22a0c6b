using RadTex.Metrics.Captions;

namespace RadTex.Tests.Metrics;

/// <summary>Against the examples in the papers that define the metrics, and cases small enough to compute by hand.</summary>
public sealed class TextMetricsTests
{
    private static string[] Words(string text) => text.ToLowerInvariant().Split(' ');

    private static TextPair Pair(string candidate, params string[] references) => new(Words(candidate), [.. references.Select(Words)]);

    // Papineni et al. 2002, examples 1 and 2.
    [Theory]
    [InlineData("It is a guide to action which ensures that the military always obeys the commands of the party", 1, 17, 18)]
    [InlineData("It is a guide to action which ensures that the military always obeys the commands of the party", 2, 10, 17)]
    [InlineData("It is to insure the troops forever hearing the activity guidebook that party direct", 1, 8, 14)]
    [InlineData("It is to insure the troops forever hearing the activity guidebook that party direct", 2, 1, 13)]
    public void Modified_precisions_are_those_of_the_bleu_paper(string candidate, int n, int matches, int total) => Bleu.ClippedMatches(
        Pair(
            candidate,
            "It is a guide to action that ensures that the military will forever heed Party commands",
            "It is the guiding principle which guarantees the military forces always being under the command of the Party",
            "It is the practical guide for the army always to heed the directions of the party"),
        n).ShouldBe((matches, total));

    [Fact]
    public void A_repeated_word_counts_no_more_often_than_in_a_reference() => Bleu.ClippedMatches(
        Pair("the the the the the the the", "The cat is on the mat", "There is a cat on the mat"), 1).ShouldBe((2, 7));

    [Fact]
    public void Bleu_is_the_geometric_mean_over_the_corpus_times_brevity()
    {
        // Runs of 1 to 4: 5 of 5 and 3 of 4; 3 of 4 and 1 of 3; 2 of 3 and 0 of 2; 1 of 2 and 0 of 1. Lengths 9 against 5 + 6.
        var scores = Bleu.Corpus([Pair("a b c d e", "a b c d e"), Pair("a b x y", "a b z y w v")]);
        double brevity = Math.Exp(1 - 11 / 9.0);
        scores[0].ShouldBe(brevity * 8 / 9.0, 1e-12);
        scores[1].ShouldBe(brevity * Math.Sqrt(8 / 9.0 * (5 / 7.0)), 1e-12);
        scores[2].ShouldBe(brevity * Math.Pow(8 / 9.0 * (5 / 7.0) * (3 / 5.0), 1 / 3.0), 1e-12);
        scores[3].ShouldBe(brevity * Math.Pow(8 / 9.0 * (5 / 7.0) * (3 / 5.0) * (2 / 3.0), 0.25), 1e-12);
    }

    [Fact]
    public void The_brevity_penalty_looks_at_the_closest_reference()
    {
        Bleu.Corpus([Pair("a b c", "a b c", "a b c d e f g")])[0].ShouldBe(1);
        Bleu.Corpus([Pair("a b c", "a b", "a b c d")])[0].ShouldBe(1); // 2 and 4 are equally close: the shorter one, no penalty
    }

    [Fact]
    public void A_text_without_words_scores_nothing()
    {
        var pairs = new[] { new TextPair([], Words("no pneumothorax")) };
        Bleu.Corpus(pairs).ShouldAllBe(score => score == 0);
        RougeL.Corpus(pairs).ShouldBe(0);
        CiderD.Corpus(pairs).ShouldBe(0);
        Meteor.Corpus(pairs).ShouldBe(0);
        TextScores.Of([]).RougeL.ShouldBeNull();
    }

    // Lin 2004, section 3.1, where recall weighs as much as precision.
    [Theory]
    [InlineData("police kill the gunman", 0.75)]
    [InlineData("the gunman kill police", 0.5)]
    [InlineData("the gunman police killed", 0.5)]
    public void Longest_subsequences_are_those_of_the_rouge_paper(string candidate, double expected) =>
        RougeL.Of(Pair(candidate, "police killed the gunman"), beta: 1).ShouldBe(expected, 1e-12);

    [Fact]
    public void Rouge_weighs_recall_by_beta()
    {
        // Three words in common of four and of six: P 0.75, R 0.5.
        RougeL.Of(Pair("a x b c", "a b y c z w")).ShouldBe((1 + 1.44) * 0.75 * 0.5 / (0.5 + 1.44 * 0.75), 1e-12);
    }

    [Fact]
    public void Cider_is_the_clipped_cosine_of_weighted_runs_times_the_length_factor()
    {
        // Every run is in one of two references, so all weigh ln 2, which cancels.
        var scores = CiderD.Scores([Pair("a b", "a b c d"), Pair("e f g h", "e f g h"), Pair("a a a a", "x y z w")]);
        scores[0].ShouldBe(10 / 4.0 * (2 / (Math.Sqrt(2) * 2) + 1 / Math.Sqrt(3)) * Math.Exp(-4 / 72.0), 1e-9);
        scores[1].ShouldBe(10, 1e-9);
        scores[2].ShouldBe(0);
        // "a" twice against once is cut to one: 1 / (sqrt(4 + 1) sqrt(2)) in single words; "a a" and "a b" share no longer run but "a b".
        CiderD.Scores([Pair("a a b", "a b"), Pair("c", "c")])[0]
            .ShouldBe(10 / 4.0 * (2 / Math.Sqrt(10) + 1 / Math.Sqrt(2)) * Math.Exp(-1 / 72.0), 1e-9);
    }

    [Fact]
    public void Words_of_every_reference_weigh_nothing_in_cider() =>
        CiderD.Scores([Pair("the", "the"), Pair("the", "the")]).ShouldAllBe(score => score == 0);

    // Banerjee and Lavie 2005, section 2.2: two chunks, "the president" and "spoke to the audience".
    [Fact]
    public void Meteor_counts_the_chunks_of_its_papers_example()
    {
        double recall = 6 / 7.0, mean = 10 * recall / (recall + 9);
        Meteor.Of(Words("the president spoke to the audience"), Words("the president then spoke to the audience"))
            .ShouldBe(mean * (1 - 0.5 * Math.Pow(2 / 6.0, 3)), 1e-12);
    }

    [Fact]
    public void Meteor_matches_stems_after_words()
    {
        Meteor.Of(Words("opacities"), Words("opacity")).ShouldBe(0.5, 1e-12); // one match, one chunk: 1 * (1 - 0.5)
        Meteor.Of(Words("clear lungs"), Words("lungs clear")).ShouldBe(0.5, 1e-12); // two matches, two chunks
        Meteor.Of(Words("heart"), Words("lung")).ShouldBe(0);
    }

    // Porter 1980: the words by which the paper explains its rules, brought to the end of all steps.
    [Theory]
    [InlineData(
        "caresses caress ponies poni ties ti cats cat feed feed agreed agre plastered plaster bled bled motoring motor sing sing conflated conflat")]
    [InlineData(
        "troubled troubl sized size hopping hop tanned tan falling fall hissing hiss fizzed fizz failing fail filing file happy happi sky sky")]
    [InlineData(
        "relational relat conditional condit rational ration digitizer digit vietnamization vietnam predication predic "
            + "operator oper feudalism feudal")]
    [InlineData(
        "decisiveness decis hopefulness hope callousness callous triplicate triplic formative form formalize formal electrical electr goodness good")]
    [InlineData(
        "revival reviv allowance allow inference infer airliner airlin gyroscopic gyroscop adjustable adjust defensible defens irritant irrit")]
    [InlineData(
        "replacement replac adjustment adjust dependent depend adoption adopt communism commun activate activ homologous homolog effective effect")]
    [InlineData("bowdlerize bowdler probate probat rate rate cease ceas controll control roll roll")]
    public void Stems_are_those_of_porters_paper(string wordsAndStems)
    {
        foreach (var pair in wordsAndStems.Split(' ').Chunk(2)) PorterStemmer.Stem(pair[0]).ShouldBe(pair[1], pair[0]);
    }

    [Fact]
    public void Agreement_counts_each_finding_and_averages_them()
    {
        var agreement = FindingAgreement.Of(
            ["a", "b"],
            [[true, false], [true, true], [false, false], [true, false]],
            [[true, false], [false, true], [false, true], [true, false]]);
        agreement.ByFinding.ShouldBe([new(2, 0, 1, 1), new(1, 1, 2, 0)]);
        agreement.Micro.F1.ShouldBe(6 / 8.0, 1e-12);
        agreement.MacroF1.ShouldBe((4 / 5.0 + 2 / 3.0) / 2, 1e-12);
        agreement.MacroPrecision.ShouldBe((1 + 0.5) / 2, 1e-12);
        agreement.MacroRecall.ShouldBe((2 / 3.0 + 1) / 2, 1e-12);
    }
}
