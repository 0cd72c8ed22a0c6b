using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class DetokenizerTests
{
    private static readonly WordPieceVocabulary Vocabulary = WordPieceVocabulary.FromPieces(
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "heart", "is", "normal", ".", ",", "pneumo", "##thor", "##ax", "no", "(", ")", "-",
        "well", "defined", "_", "3", "5", "cm", "/", "left", "%",
    ]);

    [Theory]
    [InlineData("the heart is normal . no pneumothorax .", "The heart is normal. No pneumothorax.")]
    [InlineData("normal , well - defined ( left ) .", "Normal, well-defined (left).")]
    [InlineData("the heart is ___ . 3.5 cm", "The heart is ___. 3.5 cm")]
    [InlineData("left/normal 5%", "Left/normal 5%")]
    [InlineData("", "")]
    public void Ids_become_a_text_as_one_writes_it(string caption, string expected) =>
        Detokenizer.Join(Detokenizer.Words(Vocabulary, new ReportTokenizer(Vocabulary).Encode(caption))).ShouldBe(expected);

    [Fact]
    public void A_word_knows_its_pieces()
    {
        var words = Detokenizer.Words(Vocabulary, new ReportTokenizer(Vocabulary).Encode("no pneumothorax ."));
        words.Select(w => (w.Text, w.FirstToken, w.Tokens)).ShouldBe([("No", 1, 1), ("pneumothorax", 2, 3), (".", 5, 1)]);
    }

    [Fact]
    public void An_id_of_another_vocabulary_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => Detokenizer.Words(Vocabulary, [5, 900]));
}
