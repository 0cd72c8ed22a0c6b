using RadTex.Data;
using RadTex.Files;
using RadTex.Inspection;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

/// <summary>The list of archives, and one added to it from outside the product.</summary>
public sealed class ArchivesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    static ArchivesTests() => Archives.Register(ToyArchive.Archive);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_archive_of_another_assembly_is_listed_recognised_and_prepared()
    {
        for (int i = 0; i < 20; i++) Pictures.WriteRadiograph(folder.File($"toy/{i}.png"), i);
        File.WriteAllLines(folder.File("toy/toy.txt"), ["# a toy archive", .. Enumerable.Range(0, 20).Select(i => $"{i}.png")]);
        var archive = Archives.Find("toy").ShouldNotBeNull();

        var manifest = DatasetPreparation.Run(
            archive.Open(folder.File("toy"), new Dictionary<string, string?> { ["view"] = "AP" }),
            new PreparationOptions(folder.File("dataset"), new StudyOptions(), ShortSide: 16)).Manifest;

        Archives.All.ShouldContain(archive);
        FolderKind.Of(folder.File("toy")).ShouldBe(FolderKind.Archive);
        using var dataset = PreparedDataset.Open(folder.File("dataset"));
        (manifest.Count, dataset.Radiographs[0].View, PatientDomain.Of(manifest).Archive).ShouldBe((20, "AP", "toy"));
        PatientDomain.Of(manifest).SharesIdsWith(new PatientDomain(false, "nih-cxr14", [])).ShouldBeFalse();
    }

    [Fact]
    public void An_option_an_archive_does_not_have_or_a_value_an_option_does_not_is_named()
    {
        Should.Throw<UserErrorException>(() => ToyArchive.Archive.Open("", new Dictionary<string, string?> { ["vew"] = "AP" }))
            .Message.ShouldBe("toy has no option 'vew'. Expected view.");
        Should.Throw<UserErrorException>(() => ToyArchive.Archive.Open("", new Dictionary<string, string?> { ["view"] = "LL" }))
            .Message.ShouldBe("The setting 'view' = LL: expected AP or PA.");
    }

    [Fact]
    public void An_archive_of_a_name_that_is_taken_is_refused() =>
        Should.Throw<ArgumentException>(() => Archives.Register(ToyArchive.Archive with { Name = "chexpert" })).Message.ShouldContain("chexpert");

    [Fact]
    public void Both_forms_of_MIMIC_are_one_family_and_tables_are_of_none()
    {
        Archives.FamilyOf("mimic-cxr-jpg").ShouldBe(Archives.FamilyOf("mimic-cxr"));
        Archives.FamilyOf("table").ShouldBeNull();
        Archives.FamilyOf("folder").ShouldBeNull();
        Archives.FamilyOf("unheard-of").ShouldBe("unheard-of");
    }

    [Fact]
    public void The_documents_name_every_archive()
    {
        string Document(string name) => File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", name));
        foreach (var archive in Archives.All.Where(a => a != ToyArchive.Archive))
        {
            Document("archives.md").ShouldContain($"radtex prepare {archive.Name} {archive.RootName} ");
            Document("prepare.md").ShouldContain($"`{archive.Name}`");
        }
    }
}
