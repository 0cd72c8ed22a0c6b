using System.Text.RegularExpressions;

namespace RadTex.Cli.Tests;

/// <summary>The commands of docs/archives.md, each on a miniature of its archive, by the tables alone.</summary>
public sealed partial class ArchiveGuideTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Commands_of_the_guide_list_what_their_archive_holds()
    {
        WriteArchives();
        var guide = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", "archives.md"));
        var commands = Command().Matches(guide).Select(m => m.Groups[1].Value).ToArray();
        commands.Length.ShouldBe(11);
        Parallel.ForEach(commands, new ParallelOptions { MaxDegreeOfParallelism = 2 }, command =>
        {
            var words = command.Split(' ');
            string[] arguments = [.. words.Select(w => w switch
            {
                "ROOT" or "DIR" => folder.File(words[1]),
                "FILE" => folder.File("table/table.csv"),
                "JPG_TABLES" => folder.File("mimic-cxr-jpg"),
                _ when w.StartsWith("data/", StringComparison.Ordinal) => folder.File(w),
                _ => w.Replace("EDEMA", folder.File("edema"), StringComparison.Ordinal),
            })];
            var result = RadTexProcess.Run([.. arguments, "--dry-run"]);
            result.ExitCode.ShouldBe(0, $"{command}: {result.Error}");
            result.Output.ShouldContain("listed    ", customMessage: command);
        });
        Directory.Exists(folder.File("data")).ShouldBeFalse();
    }

    private void WriteArchives()
    {
        MiniatureArchives.Mimic(folder.File("mimic-cxr-jpg"));
        MiniatureArchives.WriteText(
            folder.File("mimic-cxr/cxr-record-list.csv"),
            "subject_id,study_id,dicom_id,path\n10000000,50000000,0-0-ap,files/p10/p10000000/s50000000/0-0-ap.dcm\n");
        MiniatureArchives.WriteText(
            folder.File("edema/consensus_image_edema_severity.csv"), "subject_id,study_id,dicom_id,edema_severity\n10000000,50000000,0-0-ap,2\n");
        MiniatureArchives.Nih(folder.File("nih-cxr14"));
        MiniatureArchives.WriteText(
            folder.File("open-i/indiana_reports.csv"), "uid,Problems,indication,comparison,findings,impression\n1,normal,,,Clear.,Normal.\n");
        MiniatureArchives.WriteText(folder.File("open-i/indiana_projections.csv"), "uid,filename,projection\n1,1_IM-0001-4001.dcm.png,Frontal\n");
        MiniatureArchives.WriteText(
            folder.File("chexpert/train.csv"),
            "Path,Sex,Age,Frontal/Lateral,AP/PA,Edema\nCheXpert-v1.0/train/patient1/study1/view1_frontal.jpg,Male,1,Frontal,AP,1.0\n");
        MiniatureArchives.WriteText(
            folder.File("padchest/PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv"),
            "ImageID,PatientID,Projection,Labels\na.png,1,PA,['normal']\n");
        MiniatureArchives.WriteText(folder.File("vindr-cxr/train.csv"), "image_id,class_name,rad_id,x_min,y_min,x_max,y_max\na,No finding,R1,,,,\n");
        MiniatureArchives.WriteText(folder.File("rsna-pneumonia/stage_2_train_labels.csv"), "patientId,x,y,width,height,Target\nu1,,,,,0\n");
        MiniatureArchives.WriteText(folder.File("table/table.csv"), "image,patient_id,view,effusion,edema\na.png,1,PA,1,0\n");
        Pictures.WriteRadiograph(folder.File("folder/a.png"), 1);
    }

    [GeneratedRegex(@"^radtex (prepare .*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
