using RadTex.Data;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class LeakFinderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Clean_dataset_has_no_leak() =>
        Find("mine", [(1, "p1", Split.Train), (2, "p2", Split.Validate), (3, "p3", Split.Test)]).ShouldBeEmpty();

    [Fact]
    public void Copy_across_splits_names_the_radiograph_of_training_to_leave_out() =>
        Find("mine", [(1, "p1", Split.Test), (2, "p2", Split.Train), (1, "p3", Split.Train)])
            .ShouldBe([new Leak("image2", Split.Train, null, "image0", Split.Test, 1)]);

    [Fact]
    public void Test_patient_of_another_dataset_in_training_is_a_leak()
    {
        var other = Write("other", [(7, "p1", Split.Test), (8, "p2", Split.Train), (9, "p3", Split.Test)]);

        Find("mine", [(1, "p1", Split.Train), (2, "p1", Split.Train), (3, "p2", Split.Train), (4, "p3", Split.Test)], other)
            .ShouldBe(
                [new Leak("image0", Split.Train, other, null, Split.Test, null), new Leak("image1", Split.Train, other, null, Split.Test, null)]);
    }

    [Fact]
    public void Test_picture_of_another_dataset_under_another_patient_is_a_leak()
    {
        var other = Write("other", [(7, "x1", Split.Test), (8, "x2", Split.Train)]);

        Find("mine", [(8, "p1", Split.Train), (7, "p2", Split.Validate), (5, "p3", Split.Test)], other)
            .ShouldBe([new Leak("image1", Split.Validate, other, "image0", Split.Test, 1)]);
    }

    [Fact]
    public void Comparison_says_what_was_compared_and_how()
    {
        var other = Write("other", [(7, "x1", Split.Test), (8, "x2", Split.Train), (9, "x1", Split.Test)]);
        using var dataset = PreparedDataset.Open(Write("mine", [(8, "p1", Split.Train), (7, "p2", Split.Validate), (5, "p3", Split.Test)]));

        var comparison = LeakFinder.Compare(dataset, [other], cancellation: TestContext.Current.CancellationToken).Comparisons.ShouldHaveSingleItem();

        comparison.ShouldBe(new LeakComparison(other, Patients: 1, Pictures: 2, Learnt: 2, Found: 1));
        comparison.ToString().ShouldContain("1 test patients by id and 2 test pictures looked for in 2 training and validation radiographs, 1 found");
    }

    [Fact]
    public void List_is_a_table_of_image_ids()
    {
        LeakFinder.WriteList(
            folder.File("leaks.csv"),
            [new Leak("a,b", Split.Train, "d", null, Split.Test, null), new Leak("c", Split.Train, null, "e", Split.Test, 0.98765)]);

        File.ReadAllText(folder.File("leaks.csv")).ShouldBe(
            "image_id,split,other_dataset,other_image_id,other_split,similarity\n\"a,b\",train,d,,test,\nc,train,,e,test,0.9877\n");
    }

    [Theory]
    [InlineData("mimic-cxr-jpg", "mimic-cxr", "mimic-cxr")]
    [InlineData("nih-cxr14", null, "nih-cxr14")]
    [InlineData("table", null, null)]
    [InlineData("table", "mimic-cxr", "mimic-cxr")]
    public void Archive_of_a_source_says_whose_patients_they_are(string kind, string? named, string? expected)
    {
        var options = named is null || kind != "table" ? new Dictionary<string, string>() : new() { ["archive"] = named };
        new SourceRecord(kind, "", options, new Dictionary<string, string>()).Archive.ShouldBe(expected);
    }

    private IReadOnlyList<Leak> Find(string name, (int Seed, string Patient, Split Split)[] radiographs, params string[] against)
    {
        using var dataset = PreparedDataset.Open(Write(name, radiographs));
        return LeakFinder.Find(dataset, against, cancellation: TestContext.Current.CancellationToken);
    }

    private string Write(string name, (int Seed, string Patient, Split Split)[] radiographs) => PreparedPictures.Write(
        folder.File(name),
        [.. radiographs.Select(r => (Pictures.WriteRadiograph(folder.File($"{r.Seed}.png"), r.Seed, 256, 256), r.Patient, r.Split))]);
}
