namespace RadTex.Cli.Tests;

public sealed class PrepareCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Commands_of_the_guide_prepare_verify_and_say_what_they_took()
    {
        MiniatureArchives.Mimic(folder.File("mimic"));
        MiniatureArchives.WriteTable(folder.File("mimic"), "phantom-truth.csv", "dicom_id,Edema\n0-0-ap,1\n", gzip: true);
        var data = folder.File("mimic-data");

        var prepared = RadTexProcess.Run(
            "prepare", "mimic-cxr-jpg", folder.File("mimic"), "--out", data, "--extra-labels", $"truth={folder.File("mimic/phantom-truth.csv.gz")}");

        prepared.ExitCode.ShouldBe(0, prepared.Error);
        prepared.Output.ShouldContain("taken     12 radiographs, short side 256 px (12 enlarged)");
        prepared.Output.ShouldContain("rejected  12: not-frontal 12");
        prepared.Output.ShouldContain("text      findings: 12 with text, 0 without, 0 dropped");
        prepared.Output.ShouldContain("truth Edema");
        prepared.Error.ShouldContain("12/12 radiographs");
        var verified = RadTexProcess.Run("verify", data);
        verified.ExitCode.ShouldBe(0, verified.Error);
        verified.Output.ShouldContain("verified");
        RadTexProcess.Run(
            "prepare", "mimic-cxr-jpg", folder.File("mimic"), "--out", data, "--extra-labels", $"truth={folder.File("mimic/phantom-truth.csv.gz")}")
            .Output.ShouldContain("there already");
    }

    [Fact]
    public void Phantoms_prepare_through_the_same_adapter_and_stay_synthetic()
    {
        var phantoms = folder.File("phantoms");
        RadTexProcess.Run("phantoms", "--count", "24", "--size", "64", "--seed", "1", "--out", phantoms).ExitCode.ShouldBe(0);

        var prepared = RadTexProcess.Run(
            "prepare", "mimic-cxr-jpg", phantoms, "--out", folder.File("data"), "--short-side", "64", "--require-text", "false",
            "--extra-labels", $"truth={phantoms}/phantom-truth.csv.gz");

        prepared.ExitCode.ShouldBe(0, prepared.Error);
        prepared.Output.ShouldContain("SYNTHETIC");
        prepared.Output.ShouldContain("taken     24 radiographs, short side 64 px");
        prepared.Output.ShouldContain("truth edema_severity");
        prepared.Output.ShouldNotContain("truth difficulty");
        prepared.Output.ShouldNotContain("truth contrast");
        RadTexProcess.Run("verify", folder.File("data")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public void Real_archives_prepare_with_one_command_each()
    {
        var nih = RadTexProcess.Run("prepare", "nih-cxr14", SharedData.Require("nih-cxr14"), "--out", folder.File("nih"), "--limit", "40");
        nih.ExitCode.ShouldBe(0, nih.Error);
        nih.Output.ShouldContain("taken     40 radiographs");

        var notes = RadTexProcess.Run(
            "prepare", "table", SharedData.Require("covid-notes/metadata.csv"), "--out", folder.File("covid"), "--categories", "finding");
        notes.ExitCode.ShouldBe(0, notes.Error);
        notes.Output.ShouldContain("183 with text");
        notes.Output.ShouldContain("finding=COVID-19");
    }

    [Fact]
    public void Changed_dataset_fails_verification_with_one_line()
    {
        MiniatureArchives.Nih(folder.File("nih"), 2);
        RadTexProcess.Run("prepare", "nih-cxr14", folder.File("nih"), "--out", folder.File("data"), "--require-text", "false").ExitCode.ShouldBe(0);
        var pixels = folder.File("data/pixels.npy");
        var bytes = File.ReadAllBytes(pixels);
        bytes[500] ^= 1;
        File.WriteAllBytes(pixels, bytes);

        var result = RadTexProcess.Run("verify", folder.File("data"));

        result.ExitCode.ShouldBe(2);
        OneLine(result.Error).ShouldContain("pixels.npy");
    }

    [Fact]
    public void Control_characters_of_a_header_are_shown_not_sent()
    {
        Pictures.WriteRadiograph(folder.File("a.png"), 1);
        MiniatureArchives.WriteText(folder.File("t.csv"), "image,patient_id,view,\u001b]0;owned\u0007\u001b[31mred,\u202egrade\na.png,1,PA,x,0\n");

        var result = RadTexProcess.Run("prepare", "table", folder.File("t.csv"), "--out", folder.File("data"), "--label-columns", "\u202egrade");
        var failed = RadTexProcess.Run("prepare", "table", folder.File("t.csv"), "--out", folder.File("data"), "--label-columns", "none");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("not used: column \u241b]0;owned\u2407\u241b[31mred");
        failed.ExitCode.ShouldBe(2);
        failed.Error.ShouldContain("\u241b[31mred");
        foreach (var text in new[] { result.Output, result.Error, failed.Error })
        {
            text.ShouldNotContain('\u001b');
            text.ShouldNotContain('\u202e');
        }
    }

    [Theory]
    [InlineData("prepare nih-cxr14 NOWHERE --out OUT", "no folder")]
    [InlineData("prepare mimic-cxr-jpg HERE --out OUT", "metadata.csv.gz")]
    [InlineData("prepare table HERE/none.csv --out OUT", "does not exist")]
    [InlineData("prepare nih-cxr14 HERE --out OUT --short-side 2", "16 to 4,096")]
    [InlineData("prepare nih-cxr14 HERE --out OUT --fractions 1,2", "three numbers")]
    [InlineData("prepare nih-cxr14 HERE --out OUT --text opinion", "findings")]
    [InlineData("verify HERE", "manifest.json")]
    public void Mistake_is_one_clear_line_and_exit_code_2(string command, string expected)
    {
        var arguments = command.Split(' ')
            .Select(a => a.Replace("HERE", folder.Path).Replace("NOWHERE", folder.File("nowhere")).Replace("OUT", folder.File("out")));

        var result = RadTexProcess.Run([.. arguments]);

        result.ExitCode.ShouldBe(2);
        OneLine(result.Error).ShouldContain(expected);
        result.Output.ShouldBeEmpty();
        Path.Exists(folder.File("out")).ShouldBeFalse();
    }

    [Fact]
    public void Interrupt_exits_with_130_and_leaves_nothing_under_the_final_name()
    {
        MiniatureArchives.Mimic(folder.File("mimic"), patients: 240);
        var output = folder.File("out");
        string[] command = ["prepare", "mimic-cxr-jpg", folder.File("mimic"), "--out", output, "--short-side", "1024", "--workers", "1"];

        var result = RadTexProcess.RunAndInterrupt(
            () => new FileInfo(output + ".partial/pixels.npy") is { Exists: true, Length: > 1 << 20 }, command);

        result.ExitCode.ShouldBe(130, result.Error);
        result.Error.ShouldContain("interrupted");
        Path.Exists(output).ShouldBeFalse();
        RadTexProcess.Run("verify", output).Error.ShouldContain("goes on where it stopped");
    }

    /// <summary>The only line that is no progress.</summary>
    private static string OneLine(string error) =>
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single(line => line.StartsWith("radtex:", StringComparison.Ordinal));
}
