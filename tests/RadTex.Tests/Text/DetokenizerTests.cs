using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class DetokenizerTests
{
    private static readonly WordPieceVocabulary Vocabulary = WordPieceVocabulary.FromPieces(
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "heart", "is", "normal", ".", ",", "pneumo", "##thor", "##ax", "no", "(", ")", "-",
        "well", "defined", "_", "3", "5", "cm", "/", "left", "%",
        ";", ":", "?", "!", "[", "]", "'", "##",
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

    [Theory]
    [InlineData("heart ; left : no ? the ! [ left ] ' no '", "Heart; left: no? The! [left]'no'")]
    [InlineData("3 , 5 cm : 3 : 5 . 3", "3,5 cm: 3:5.3")]
    [InlineData("normal , 5 . 3 , left", "Normal, 5.3, left")]
    [InlineData(". 5", ". 5")]
    [InlineData("##ax normal", "Ax normal")] // cut within a word
    [InlineData("_ 5 _ _", "_ 5 __")]
    [InlineData("3 ##", "3 ##")] // a piece that goes on with nothing is a word
    [InlineData("[CLS] no [MASK] [PAD] [UNK] [SEP] left", "No [UNK]")]
    public void Pieces_become_a_text_as_one_writes_it(string pieces, string expected)
    {
        string[] known = [.. Enumerable.Range(0, Vocabulary.Count).Select(i => Vocabulary[i])];
        int[] ids = Array.ConvertAll(pieces.Split(' '), piece => Array.IndexOf(known, piece));
        ids.ShouldAllBe(id => id >= 0);
        Detokenizer.Join(Detokenizer.Words(Vocabulary, ids)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(900)]
    [InlineData(-1)]
    [InlineData(35)] // one past the last
    public void An_id_of_another_vocabulary_is_refused(int id)
    {
        Vocabulary.Count.ShouldBe(35);
        Should.Throw<ArgumentOutOfRangeException>(() => Detokenizer.Words(Vocabulary, [5, id])).Message
            .ShouldStartWith("an id outside [0, 35): were they made with another vocabulary?");
    }
}
