using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class StudyIndexTests
{
    [Fact]
    public void Rows_of_a_study_and_studies_of_a_patient_are_found_wherever_they_stand()
    {
        // study 1 is two studies: one of patient a, one of patient b
        (string Patient, string Study)[] rows = [("a", "1"), ("b", "1"), ("a", "2"), ("a", "1"), ("c", "9"), ("b", "1"), ("a", "1")];

        var index = Of(rows);

        (index.Count, index.PatientCount).ShouldBe((4, 3));
        Enumerable.Range(0, 4).Select(s => index[s])
            .ShouldBe([new StudyKey("a", "1"), new StudyKey("b", "1"), new StudyKey("a", "2"), new StudyKey("c", "9")]);
        Enumerable.Range(0, 4).Select(s => string.Join(',', index.RowsOf(s).ToArray())).ShouldBe(["0,3,6", "1,5", "2", "4"]);
        Enumerable.Range(0, 7).Select(index.StudyOf).ShouldBe([0, 1, 2, 0, 3, 1, 0]);
        Enumerable.Range(0, 7).Select(index.PatientOf).ShouldBe([0, 1, 0, 0, 2, 1, 0]);
        index.OnePerStudy([6, 5, 3, 2, 1]).ShouldBe([6, 5, 2]);
    }

    private static StudyIndex Of((string Patient, string Study)[] rows) => new(
        [.. rows.Select((r, i) => new PreparedRadiograph(i, $"{i}", r.Patient, r.Study, "PA", Split.Train, null, [], "", 0, 0, 0))]);
}
