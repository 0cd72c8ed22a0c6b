using RadTex.Cli;

namespace RadTex.Tests.Cli;

public sealed class PrintableConsoleTests
{
    [Theory]
    [InlineData("plain\n", "plain\n")]
    [InlineData("\uFDD1radtex:\uFDD2 no label '\u001b[2J'", "\u001b[31mradtex:\u001b[0m no label '\u241b[2J'")]
    [InlineData("\uFDD0Usage\uFDD2", "\u001b[1mUsage\u001b[0m")]
    public void The_programs_own_marks_become_sequences_and_a_files_sequences_are_shown(string text, string expected) => PrintableConsole.Show(text).ShouldBe(expected);
}
