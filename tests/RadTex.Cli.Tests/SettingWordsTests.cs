namespace RadTex.Cli.Tests;

public sealed class SettingWordsTests
{
    [Theory]
    [InlineData("Use the setting 'split' = hash, or mend it.", "Use --split hash, or mend it.")]
    [InlineData("The setting 'fractions' = 1,2: no.", "--fractions 1,2: no.")]
    [InlineData("Replace it with the setting 'force', or choose another setting 'out'.", "Replace it with --force, or choose another --out.")]
    [InlineData("Expected a folder that the step 'prepare' made.", "Expected a folder that 'radtex prepare' made.")]
    [InlineData("It has no column 'split', and the settings of others stay.", "It has no column 'split', and the settings of others stay.")]
    public void Settings_and_steps_are_worded_as_flags_and_commands(string message, string worded) =>
        SettingWords.InFlags(message).ShouldBe(worded);
}
