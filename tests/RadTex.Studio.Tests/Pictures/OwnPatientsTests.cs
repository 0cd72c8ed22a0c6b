using RadTex.Phantoms;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studio.Pictures;

namespace RadTex.Studio.Tests.Pictures;

public sealed class OwnPatientsTests
{
    [Fact]
    public void A_folder_of_dicom_files_is_told_apart_by_their_own_patients_as_codes_under_a_key()
    {
        using var folder = new TemporaryFolder();
        _ = PhantomArchive.Write(
            new PhantomOptions(12, 3, 64, 0.3) { DicomBits = 12 }, folder.File("phantoms"), false, 0, null, TestContext.Current.CancellationToken);
        // All in one folder: its name tells nothing of patients.
        Directory.CreateDirectory(folder.File("set"));
        var patients = new Dictionary<string, string>();
        foreach (var path in Directory.GetFiles(folder.File("phantoms"), "*.dcm", SearchOption.AllDirectories))
        {
            File.Copy(path, folder.File($"set/{Path.GetFileName(path)}"));
            patients[Path.GetFileName(path)] = Directory.GetParent(path)!.Parent!.Name;
        }
        File.WriteAllText(folder.File("set/broken.dcm"), "no DICOM");
        IReadOnlyList<Radiograph> List(string key) =>
            new FolderSource(folder.File("set"), ownPatient: OwnPatients.Under(folder.File(key))).List(new StudyOptions(ViewFilter.All)).Radiographs;
        var found = List("key").Where(r => r.ImageId != "broken.dcm").ToArray();
        found.Length.ShouldBe(patients.Count);
        found.GroupBy(r => r.PatientId).Select(g => g.Select(r => patients[r.ImageId]).Distinct().Count()).ShouldAllBe(n => n == 1);
        found.Select(r => r.PatientId).Distinct().Count().ShouldBe(patients.Values.Distinct().Count());
        found.ShouldAllBe(r => r.PatientId.Length == 32 && r.PatientId.All(char.IsAsciiHexDigitLower));
        List("key").Select(r => r.PatientId).ShouldBe(List("key").Select(r => r.PatientId));
        List("other").Select(r => r.PatientId).Intersect(found.Select(r => r.PatientId)).ShouldBeEmpty(); // another key, other codes
    }
}
