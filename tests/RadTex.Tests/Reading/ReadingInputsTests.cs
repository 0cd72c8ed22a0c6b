using RadTex.Data;
using RadTex.Learning.Reading;
using RadTex.Studies;
using RadTex.Tests.Data;

namespace RadTex.Tests.Reading;

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
}
