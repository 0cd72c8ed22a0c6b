using RadTex.Data;
using RadTex.Learning.Reading;
using RadTex.Studies;

namespace RadTex.Learning.Tests.Reading;

public sealed class ReadingInputsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Studies_numbered_within_each_patient_are_all_read()
    {
        using var dataset = PreparedDataset.Open(NumberedStudies.Write(folder.File("set"), 6));

        new ReadingInputs(TinyDataset.ShortSide, null).OfSplit(dataset, Split.Test).Select(image => image.PatientId)
            .ShouldBe(["patient1", "patient3", "patient5"]);
        ReportBaselines.TrainingTexts(dataset).Count().ShouldBe(3);
    }

    [Fact]
    public void Reading_a_folder_tells_what_was_left_out()
    {
        Pictures.WriteRadiograph(folder.File("set/a.png"), 1);
        SpecialFiles.MakePipe(folder.File("set/pipe.png"));

        var (images, _, rejected) = new ReadingInputs(32, null).OfFiles([folder.File("set")]);

        images.Select(i => i.Name).ShouldBe([folder.File("set/a.png")]);
        rejected.ShouldBe([(folder.File("set/pipe.png"), "a named pipe, not a file")]);
    }
}
