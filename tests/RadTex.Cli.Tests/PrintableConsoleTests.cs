namespace RadTex.Cli.Tests;

public sealed class PrintableConsoleTests
{
    [Theory]
    [InlineData("plain\n", "plain\n")]
    [InlineData("\uFDD1radtex:\uFDD2 no label '\u001b[2J'", "\u001b[31mradtex:\u001b[0m no label '\u241b[2J'")]
    [InlineData("\uFDD0Usage\uFDD2", "\u001b[1mUsage\u001b[0m")]
    public void The_programs_own_marks_become_sequences_and_a_files_sequences_are_shown(string text, string expected) =>
        PrintableConsole.Show(text).ShouldBe(expected);

    [Theory]
    [InlineData("one two three four", "one two|three four")]
    [InlineData("short", "short")]
    [InlineData("  an example that is copied", "  an example that is copied")]
    [InlineData("label  N   head  AUC", "label  N   head  AUC")]
    [InlineData("first line\nand a second one", "first line\nand a second one")]
    [InlineData("a-path-that-is-longer-than-the-line is told", "a-path-that-is-longer-than-the-line|is told")]
    public void A_sentence_is_broken_between_words_and_what_has_columns_is_left(string line, string expected) =>
        PrintableConsole.InLines(line, 12).ShouldBe(expected.Replace("|", Environment.NewLine));
}
