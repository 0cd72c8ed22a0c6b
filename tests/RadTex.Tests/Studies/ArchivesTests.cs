using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

/// <summary>The list of archives.</summary>
public sealed class ArchivesTests
{
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
        foreach (var archive in Archives.All)
        {
            Document("archives.md").ShouldContain($"radtex prepare {archive.Name} {archive.RootName} ");
            Document("prepare.md").ShouldContain($"`{archive.Name}`");
        }
    }
}
