using RadTex.Data;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Tests.Data;

public sealed class SeenRadiographsTests : IDisposable
{
    private static readonly PatientDomain Mine = new(false, "mine", []);
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public SeenRadiographsTests() => dataset = PreparedDataset.Open(TinyDataset.Write(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Pictures_and_patients_that_were_seen_are_found_again_after_a_file()
    {
        SeenRadiographs.Of(dataset, dataset.IndicesOf(Split.Train), SeenRadiographs.Pretraining).Write(folder.Path);
        var seen = SeenRadiographs.Read(folder.Path);
        var train = Overlap(seen, dataset.IndicesOf(Split.Train));
        (train.Pictures, train.Patients).ShouldBe((4, 2));
        train.Purposes.ShouldBe(["pretraining"]);
        Overlap(seen, dataset.IndicesOf(Split.Test)).IsEmpty.ShouldBeTrue();
        File.ReadAllText(Path.Combine(folder.Path, SeenRadiographs.FileName)).ShouldNotContain("patient0");
    }

    [Fact]
    public void A_copy_under_another_patient_is_found_by_its_picture_alone()
    {
        var seen = SeenRadiographs.Of(dataset, [0], SeenRadiographs.Labels);
        var overlap = seen.Overlap(PatientDomain.Of(dataset.Manifest), ["somebody"], [.. SeenRadiographs.PictureHashes(dataset, [0])]);
        (overlap.Pictures, overlap.Patients).ShouldBe((1, 0));
        seen.Overlap(null, ["patient0"], []).IsEmpty.ShouldBeTrue(); // others' ids for certain
        seen.WithoutPatients().Overlap(PatientDomain.Of(dataset.Manifest), ["patient0"], []).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Parts_of_one_dataset_join_and_what_is_unknown_stays_unknown()
    {
        var both = SeenRadiographs.Of(dataset, [0, 1], SeenRadiographs.Labels).With(SeenRadiographs.Of(dataset, [1, 4], SeenRadiographs.Labels));
        var part = both.Parts.ShouldHaveSingleItem();
        (part.Pictures, part.Patients, both.IsComplete).ShouldBe((3, 2, true));
        both.With(SeenRadiographs.Unknown).IsComplete.ShouldBeFalse();
        both.With(SeenRadiographs.Of(dataset, [7], SeenRadiographs.Pretraining)).Parts.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", null, true)]
    public void Ids_mean_one_patient_within_an_archive_or_where_it_is_not_known(string one, string? other, bool shared) =>
        new PatientDomain(false, one, []).SharesIdsWith(new(false, other, [])).ShouldBe(shared);

    [Fact]
    public void Ids_of_phantoms_mean_one_patient_within_their_own_drawing()
    {
        var drawn = new PatientDomain(true, null, ["x", "y"]);
        drawn.SharesIdsWith(new(true, null, ["y"])).ShouldBeTrue();
        drawn.SharesIdsWith(new(true, null, ["z"])).ShouldBeFalse();
        drawn.SharesIdsWith(Mine).ShouldBeFalse();
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        File.WriteAllText(folder.File(SeenRadiographs.FileName), "{}");
        Should.Throw<UserErrorException>(() => SeenRadiographs.Read(folder.Path)).Message.ShouldContain("does not tell what the model has seen");
        var cut = """
            {"is_complete":true,"parts":[{"purpose":"labels","dataset_hash":"x","domain":{"synthetic":true,"archive":null,"tables":[]},
            "pictures":1,"patients":0,"picture_hashes":"AAAA","patient_hashes":""}]}
            """;
        File.WriteAllText(folder.File(SeenRadiographs.FileName), cut);
        Should.Throw<UserErrorException>(() => SeenRadiographs.Read(folder.Path)).Message.ShouldContain("cut off");
    }

    private SeenOverlap Overlap(SeenRadiographs seen, IReadOnlyList<int> rows) =>
        seen.Overlap(PatientDomain.Of(dataset.Manifest), [.. rows.Select(i => dataset[i].PatientId)], SeenRadiographs.PictureHashes(dataset, rows));
}
