using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Cli.Tests;

/// <summary><c>radtex read</c> and <c>radtex score</c> as a user meets them: what cannot be read is one line and exit 2.</summary>
public sealed class ReadCommandTests : IDisposable
{
    private const uint ViewPosition = 0x0018_5101;

    private readonly TemporaryFolder folder = new();
    private readonly string run;

    public ReadCommandTests() => run = TinyReader.Write(folder.File("run"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_without_decoder_is_named_whichever_of_its_folders_is_given()
    {
        Directory.CreateDirectory(folder.File("encoders/encoder"));
        File.WriteAllText(folder.File("encoders/encoder/encoder.json"), "{}");
        Refused("has an encoder but no decoder", "read", folder.File("encoders"), Picture("a.dcm"));
        Refused("has an encoder but no decoder", "read", folder.File("encoders/encoder"), Picture("a.dcm"));
        Refused("has an encoder but no decoder", "score", folder.File("encoders"), folder.File("dataset"));
        Refused("No model in", "read", folder.File("nowhere"), Picture("a.dcm"));
    }

    [Fact]
    public void Another_vocabulary_than_the_models_is_refused()
    {
        var vocabulary = Path.Combine(run, "model", "vocab.txt");
        var lines = File.ReadAllLines(vocabulary);
        (lines[5], lines[6]) = (lines[6], lines[5]); // as many pieces, other words
        File.WriteAllLines(vocabulary, lines);
        Refused("vocab.txt is not the vocabulary the model was trained with", "read", run, Picture("a.dcm"));
        File.Delete(vocabulary);
        Refused("vocab.txt", "read", run, Picture("a.dcm"));
    }

    [Theory]
    [InlineData("LL")]
    [InlineData("LATERAL")]
    [InlineData("RLD")]
    public void A_lateral_radiograph_is_refused_by_the_view_its_file_states(string view) =>
        Refused($"view {view}, which is not frontal", "read", run, Picture("side.dcm", view));

    [Fact]
    public void Limit_holds_for_files_and_a_split_without_a_dataset_is_refused()
    {
        foreach (var name in new[] { "a", "b", "c" }) Picture($"pictures/{name}.dcm", "PA");
        var (exit, output, error) = RadTexProcess.Run("read", run, folder.File("pictures"), "--limit", "2", "--max-tokens", "4");
        exit.ShouldBe(RadTexCommand.Success, error);
        output.Split('\n').Count(line => line.Contains(".dcm: ", StringComparison.Ordinal)).ShouldBe(2);
        output.ShouldContain("The model learnt from synthetic (drawn) radiographs; these are not known to be synthetic.");
        output.ShouldNotContain("Nothing here is about a patient");
        Refused("--split is of a prepared dataset", "read", run, folder.File("pictures"), "--split", "test");
    }

    [Fact]
    public void Laterals_and_blanks_among_others_are_left_out_with_a_line_each()
    {
        Picture("pictures/front.dcm", "PA");
        Picture("pictures/side.dcm", "LL");
        Picture("pictures/blank.dcm", "AP", blank: true);
        var (exit, output, error) = RadTexProcess.Run("read", run, folder.File("pictures"), "--max-tokens", "4");
        exit.ShouldBe(RadTexCommand.Success, error);
        output.ShouldContain("front.dcm: ");
        error.Trim().Split('\n').Length.ShouldBe(2);
        error.ShouldContain("side.dcm: not judged: its header states view LL, which is not frontal");
        error.ShouldContain("blank.dcm: not judged: blank: every pixel is");
    }

    [Fact]
    public void A_blank_picture_is_refused_whatever_its_grey()
    {
        Refused("every pixel is 0", "read", run, Picture("blank.dcm", blank: true));
        using (var black = NetVips.Image.Black(80, 80))
        using (var grey = black.Linear([1], [200], uchar: true)) grey.Pngsave(folder.File("grey.png"));
        Refused("every pixel is 200", "read", run, folder.File("grey.png"));
    }

    [Fact]
    public void A_dataset_of_laterals_has_nothing_to_read()
    {
        var writer = new PreparedDatasetWriter([], TinyReader.Side);
        var image = TinyReader.Image(1);
        writer.Add(new(image.Name, image.PatientId, "study", "LL", Split.Test, "No edema.", []), image.Pixels.ToArray(), image.Height, image.Width);
        writer.Write(folder.File("laterals"));
        Refused("no frontal radiograph", "read", run, folder.File("laterals"));
        Refused("no frontal radiograph", "score", run, folder.File("laterals"));
        Refused("--limit 0", "score", run, folder.File("laterals"), "--limit", "0");
    }

    private void Refused(string said, params string[] arguments)
    {
        var (exit, output, error) = RadTexProcess.Run(arguments);
        exit.ShouldBe(RadTexCommand.UserMistake, error);
        output.ShouldBeEmpty();
        error.Trim().Split('\n').Length.ShouldBe(1, error);
        error.ShouldStartWith("radtex: ");
        error.ShouldContain(said);
    }

    private string Picture(string name, string view = "", bool blank = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        var document = DicomDocument.Radiograph(80, 90, (x, y) => blank ? 0 : 17 * x + 23 * y & 4095);
        return (view.Length > 0 ? document.Text(ViewPosition, "CS", view) : document).Write(folder.File(name));
    }
}
