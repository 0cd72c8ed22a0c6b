using CsCheck;
using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class VocabularyBuilderTests
{
    private static string[] PiecesOf(WordPieceVocabulary vocabulary) => [.. Enumerable.Range(0, vocabulary.Count).Select(i => vocabulary[i])];

    [Fact]
    public void Pieces_of_a_small_corpus_are_those_found_by_hand()
    {
        // Pairs: (l,##u) 5, (##u,##n) 5, (##n,##g) 5, (##g,##s) 2, (s,##u) 1. Ties go to the pair whose left piece sorts first.
        var vocabulary = VocabularyBuilder.Build(["lung lung lung", "lungs Lungs su"], size: 100);
        PiecesOf(vocabulary).ShouldBe(
        [
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
            "##g", "##n", "##s", "##u", "l", "s",
            "##ng",  // of the three pairs that occur five times, "##n ##g" sorts first
            "##ung", // then "##u ##ng" before "l ##u"
            "lung", "lungs",
        ]);
    }

    [Fact]
    public void Size_and_least_frequency_bound_the_pieces()
    {
        VocabularyBuilder.Build(["lung lung lung lungs"], size: 12).Count.ShouldBe(12);
        var rare = VocabularyBuilder.Build(["lung lung lung lungs"], size: 100, minFrequency: 2);
        PiecesOf(rare).ShouldNotContain("lungs");
        PiecesOf(VocabularyBuilder.Build(["lung lung lung lungs"], size: 100, minFrequency: 1)).ShouldContain("lungs");
    }

    [Fact]
    public void Vocabulary_does_not_depend_on_the_order_of_the_texts()
    {
        string[] texts = ["the lungs are clear", "no effusion", "the heart is enlarged", "clear lungs", "effusions"];
        var sha = VocabularyBuilder.Build(texts, 60).Sha256;
        VocabularyBuilder.Build(texts.Reverse(), 60).Sha256.ShouldBe(sha);
        VocabularyBuilder.Build([.. texts, "zz zz"], 60).Sha256.ShouldNotBe(sha);
    }

    [Fact]
    public void Vocabulary_covers_its_corpus_without_unknown_tokens() =>
        Gen.Select(Gen.String[0, 60].Array[1, 8], Gen.Int[0, 60]).Sample((texts, merges) =>
        {
            if (texts.All(t => BertWords.Split(t).Count == 0)) return;
            int characters = VocabularyBuilder.Build(texts, 10_000, minFrequency: int.MaxValue).Count;
            var tokenizer = new ReportTokenizer(VocabularyBuilder.Build(texts, characters + merges, minFrequency: 1));
            tokenizer.Vocabulary.Count.ShouldBeLessThanOrEqualTo(characters + merges);
            foreach (var text in texts)
            {
                var ids = tokenizer.EncodeWhole(text);
                ids.ShouldNotContain(tokenizer.Vocabulary.UnknownId);
                tokenizer.Decode(ids).ShouldBe(string.Join(' ', BertWords.Split(text)));
            }
        });

    [Fact]
    public void Incremental_counts_agree_with_counting_anew_after_every_join() =>
        Gen.Char['a', 'c'].Array[1, 7].Select(c => new string(c)).Array[1, 12].Sample(words =>
            PiecesOf(VocabularyBuilder.Build(words, 40)).ShouldBe(PlainBuild(words, 40, 2)));

    /// <summary>The same rule by the plainest loop: count all pairs of all words again after every join.</summary>
    private static string[] PlainBuild(string[] words, int size, int minFrequency)
    {
        var split = words.Select(w => w.Select((c, i) => i == 0 ? $"{c}" : $"##{c}").ToList()).ToList();
        var pieces = new List<string> { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" };
        pieces.AddRange(split.SelectMany(w => w).Distinct().Order(StringComparer.Ordinal));
        while (pieces.Count < size)
        {
            var best = split.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key.First, StringComparer.Ordinal).ThenBy(g => g.Key.Second, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best is null || best.Count() < minFrequency) break;
            var (left, right) = best.Key;
            if (!pieces.Contains(left + right[2..])) pieces.Add(left + right[2..]);
            foreach (var word in split)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != left || word[i + 1] != right) continue;
                    word[i] = left + right[2..];
                    word.RemoveAt(i + 1);
                }
            }
        }
        return [.. pieces];
    }

    [Fact]
    public void Size_below_the_characters_is_an_error_that_names_the_least() =>
        Should.Throw<UserErrorException>(() => VocabularyBuilder.Build(["lungs"], size: 9)).Message.ShouldContain("need 10 pieces");

    [Fact]
    public void Texts_without_a_word_are_an_error() =>
        Should.Throw<UserErrorException>(() => VocabularyBuilder.Build(["", " \n"], 100)).Message.ShouldContain("no word");

    [Fact]
    public void Open_i_vocabulary_is_shorter_than_SciBert_on_its_own_reports()
    {
        var findings = ReportTokenizerTests.OpenIFindings();
        var own = TokenStatistics.Measure(new ReportTokenizer(VocabularyBuilder.Build(findings, 2_000)), findings);
        var scibert = TokenStatistics.Measure(
            new ReportTokenizer(WordPieceVocabulary.Load(SharedData.Require("scibert/vocab.txt"))), findings);
        own.UnknownTokens.ShouldBe(0);
        own.MeanTokens.ShouldBeLessThan(scibert.MeanTokens);
        TestContext.Current.SendDiagnosticMessage($"own 2,000: {own}\nSciBERT: {scibert}");
    }
}
