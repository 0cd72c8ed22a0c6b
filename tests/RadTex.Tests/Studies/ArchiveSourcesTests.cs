using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

/// <summary>The smaller archives, each in a miniature of its real layout.</summary>
public sealed class ArchiveSourcesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("CheXpert-v1.0-small", false)]
    [InlineData("CheXpert-v1.0", true)]
    public void CheXpert_is_listed_with_uncertain_labels_and_its_patients(string version, bool hasTest)
    {
        CheXpert(version, hasTest);

        var listing = new CheXpertSource(folder.Path).List(new StudyOptions());

        listing.LabelNames.ShouldBe(["No Finding", "Edema", "Pleural Effusion"]);
        var first = listing.Radiographs[0];
        (first.ImageId, first.PatientId, first.StudyId, first.View)
            .ShouldBe(("train/patient00001/study1/view1_frontal.jpg", "patient00001", "patient00001/study1", "AP"));
        first.Labels.ShouldBe([null, -1, 1]);
        File.Exists(listing.Images.Resolve(first.ImagePath)).ShouldBeTrue();
        listing.Rejects.Single().Reason.ShouldBe(RejectReason.NotFrontal);
        listing.Radiographs.Single(r => r.PatientId == "patient64541").Split.ShouldBe(hasTest ? Split.Validate : Split.Test);
        listing.Radiographs.Single(r => r.PatientId == "patient00002").View.ShouldBe("FRONTAL"); // LL in the column of projections
        if (hasTest) listing.Radiographs.Single(r => r.PatientId == "patient70000").Split.ShouldBe(Split.Test);
    }

    [Theory]
    [InlineData(UncertainRule.Ignore, -1.0)]
    [InlineData(UncertainRule.Zero, 0.0)]
    [InlineData(UncertainRule.One, 1.0)]
    public void Uncertain_labels_become_what_the_policy_says_and_absent_ones_stay_absent(UncertainRule rule, double expected)
    {
        CheXpert("CheXpert-v1.0-small", false);

        var listing = new CheXpertSource(folder.Path).List(new StudyOptions(Labels: new LabelPolicy(rule)));

        listing.Radiographs[0].Labels.ShouldBe([null, expected, 1]);
        listing.Notes.ShouldContain(n => n.StartsWith("labels: absent stays absent, uncertain", StringComparison.Ordinal));
    }

    [Fact]
    public void Pathology9_keeps_the_nine_and_needs_them_all()
    {
        CheXpert("CheXpert-v1.0-small", false);
        Should.Throw<UserErrorException>(
            () => new CheXpertSource(folder.Path).List(new StudyOptions(Labels: new LabelPolicy(Pathology9: true)))).Message
                .ShouldContain("'Atelectasis'");

        var policy = new LabelPolicy(Pathology9: true);
        string[] fourteen = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion",
            "Lung Opacity", "No Finding",
            "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices"];
        policy.Select(fourteen).Select(i => fourteen[i]).ShouldBe(LabelPolicy.Pathologies);
        policy.Description.ShouldContain("Liao");
    }

    [Fact]
    public void PadChest_is_listed_with_labels_of_its_python_lists()
    {
        var table = "ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,Projection,MethodLabel,Labels,Report\n"
            + string.Concat(
                Enumerable.Range(0, 60).Select(
                    i => $"i{i}.png,0,20140101,s{i},p{i},1950.0,M,{(i == 1 ? "L" : i == 2 ? "AP_horizontal" : "PA")},Physician,\"['pleural "
                        + "effusion', ' cardiomegaly']\",derram pleural\n"))
            + "n.png,1,20140101,sn,pn,1950.0,F,PA,Physician,['normal'],sin hallazg\nu.png,1,20140101,su,pu,,F,PA,RNN_model,,\n";
        MiniatureArchives.WriteTable(folder.Path, "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv", table, gzip: true);
        Pictures.WriteRadiograph(folder.File("1/n.png"), 1);

        var listing = new PadChestSource(folder.Path).List(new StudyOptions());

        listing.LabelNames.ShouldBe(["cardiomegaly", "pleural effusion"]); // "normal" has one image
        listing.Radiographs.Count.ShouldBe(61);
        (listing.Radiographs[0].StudyId, listing.Radiographs[0].ReportText).ShouldBe(("s0", "derram pleural"));
        listing.Radiographs[0].Labels.ShouldBe([1, 1]);
        listing.Radiographs.Single(r => r.ImageId == "n.png")
            .ShouldSatisfyAllConditions(r => r.Labels.ShouldBe([0, 0]), r => r.ImagePath.ShouldBe("1/n.png"));
        listing.Radiographs.Single(r => r.ImageId == "u.png").Labels.ShouldBe([null, null]);
        listing.Radiographs.ShouldContain(r => r.View == "AP_horizontal");
    }

    [Fact]
    public void VinDr_of_PhysioNet_takes_the_majority_of_three_readers_and_its_test_set()
    {
        MiniatureArchives.WriteText(folder.File("annotations/image_labels_train.csv"),
            "image_id,rad_id,Aortic enlargement,Cardiomegaly,No finding\na,R1,1,0,0\na,R2,1,1,0\na,R3,0,0,0\nb,R1,0,0,1\nb,R2,0,0,1\nb,R3,0,0,1\n");
        MiniatureArchives.WriteText(
            folder.File("annotations/image_labels_test.csv"), "image_id,Aortic enlargement,Cardiomegaly,No finding\nt,0,1,0\n");
        MiniatureArchives.WriteText(folder.File("train/a.dicom"), "");
        MiniatureArchives.WriteText(
            folder.File("annotations/annotations_train.csv"),
            "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\na,R1,Aortic enlargement,10,20,30,60\nb,R1,No finding,,,,\n");

        var listing = new VinDrCxrSource(folder.Path).List(new StudyOptions());

        listing.LabelNames.ShouldBe(["Aortic enlargement", "Cardiomegaly", "No finding"]);
        listing.Radiographs.Select(r => (r.ImageId, r.ImagePath)).ShouldBe([("a", "train/a.dicom"), ("b", "train/b.dicom"), ("t", "test/t.dicom")]);
        listing.Radiographs.Select(r => r.Labels).ShouldBe([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]);
        listing.Radiographs[2].Split.ShouldBe(Split.Test);
        listing.Radiographs[0].Boxes.ShouldBe([new FindingBox("Aortic enlargement", 10, 20, 20, 40, null, "R1")]);
        listing.Radiographs[1].Boxes.ShouldBeNull();
    }

    [Fact]
    public void VinBigData_counts_a_reader_once_however_many_boxes_it_drew()
    {
        MiniatureArchives.WriteText(folder.File("train.csv"),
            "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\na,Nodule/Mass,8,R8,1,1,2,3\na,Nodule/Mass,8,R8,3,3,4,4\na,No "
                + "finding,14,R9,,,,\na,No finding,14,R10,,,,\nb,Nodule/Mass,8,R8,1,1,2,2\nb,Nodule/Mass,8,R9,1,1,2,2\nb,No "
                + "finding,14,R10,,,,\n");

        var listing = new VinDrCxrSource(folder.Path).List(new StudyOptions());

        listing.LabelNames.ShouldBe(["No finding", "Nodule/Mass"]);
        listing.Radiographs.Select(r => r.Labels).ShouldBe([[1.0, 0.0], [0.0, 1.0]]);
        listing.Radiographs[0].Boxes.ShouldBe(
            [new FindingBox("Nodule/Mass", 1, 1, 1, 2, null, "R8"), new FindingBox("Nodule/Mass", 3, 3, 1, 1, null, "R8")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rsna_has_a_row_an_image_and_takes_NIH_s_patients_where_the_mapping_is_there(bool mapped)
    {
        MiniatureArchives.WriteText(
            folder.File("stage_2_train_labels.csv"), "patientId,x,y,width,height,Target\nu1,1,1,2,2,1\nu1,3,3,4,4,1\nu2,,,,,0\nu3,,,,,0\n");
        MiniatureArchives.WriteText(
            folder.File("stage_2_detailed_class_info.csv"),
            "patientId,class\nu1,Lung Opacity\nu1,Lung Opacity\nu2,No Lung Opacity / Not Normal\nu3,Normal\n");
        if (mapped)
            MiniatureArchives.WriteText(folder.File("pneumonia-challenge-dataset-mappings_2018.json"),
                """[{"subset_img_id":"u1","img_id":"00000007_001.png"},{"subset_img_id":"u2","img_id":"00000007_002.png"}]""");
        var source = new RsnaPneumoniaSource(folder.Path);

        var listing = source.List(new StudyOptions());

        listing.LabelNames.ShouldBe(["Pneumonia", "Normal", "No Lung Opacity / Not Normal", "Lung Opacity"]);
        listing.Radiographs.Select(r => r.PatientId).ShouldBe(mapped ? ["7", "7", "u3"] : ["u1", "u2", "u3"]);
        listing.Radiographs.Select(r => r.Labels).ShouldBe([[1.0, 0, 0, 1], [0.0, 0, 1, 0], [0.0, 1, 0, 0]]);
        listing.Radiographs[0].ImagePath.ShouldBe("stage_2_train_images/u1.dcm");
        listing.Radiographs[0].Boxes.ShouldBe([new FindingBox("Pneumonia", 1, 1, 2, 2, 1024), new FindingBox("Pneumonia", 3, 3, 4, 4, 1024)]);
        listing.Radiographs[1].Boxes.ShouldBeNull();
        source.Options["archive"].ShouldBe(mapped ? "nih-cxr14" : "rsna-pneumonia");
    }

    [Fact]
    public void Folder_takes_every_picture_and_tells_patients_by_subfolder_or_pattern()
    {
        foreach (var name in new[] { "p1/a.png", "p1/b.jpg", "p2/deep/c.tif", "0007_d.png" })
            Pictures.WriteRadiograph(folder.File($"set/{name}"), name.Length);
        MiniatureArchives.WriteText(folder.File("set/notes.txt"), "no picture");
        var all = new StudyOptions(ViewFilter.All);

        new FolderSource(folder.File("set")).List(all).Radiographs.Select(r => (r.ImageId, r.PatientId)).ShouldBe(
            [("0007_d.png", "0007_d.png"), ("p1/a.png", "p1"), ("p1/b.jpg", "p1"), ("p2/deep/c.tif", "p2")]);
        var listing = new FolderSource(folder.File("set"), @"^(\d{4})_").List(all);
        listing.Radiographs.Select(r => r.PatientId).ShouldBe(["0007"]);
        listing.Rejects.Count(r => r.Reason == RejectReason.NoPatientId).ShouldBe(3);
        Should.Throw<UserErrorException>(() => new FolderSource(folder.File("set"), "(")).Message.ShouldContain("regular expression");
        Should.Throw<UserErrorException>(() => new FolderSource(folder.File("set"), @"\d+")).Message.ShouldContain("group");
        Should.Throw<UserErrorException>(() => new FolderSource(folder.File("set")).List(new StudyOptions())).Message.ShouldContain("'views' = all");
    }

    [Fact]
    public void Folder_leaves_out_what_is_no_file_and_takes_no_picture_twice()
    {
        foreach (var name in new[] { "p1/a.png", "p2/b.png" }) Pictures.WriteRadiograph(folder.File($"set/{name}"), name.Length);
        SpecialFiles.MakePipe(folder.File("set/p1/pipe.png"));
        File.CreateSymbolicLink(folder.File("set/p2/same.png"), "../p1/a.png");

        var listing = new FolderSource(folder.File("set")).List(new StudyOptions(ViewFilter.All));

        listing.Radiographs.Select(r => r.ImageId).ShouldBe(["p1/a.png", "p2/b.png"]);
        listing.Rejects.Select(r => (r.ImageId, r.Reason, r.Detail)).ShouldBe(
            [("p1/pipe.png", RejectReason.NotAFile, "a named pipe, not a file"),
            ("p2/same.png", RejectReason.NotAFile, "a link to p1/a.png, which is listed itself")], ignoreOrder: true);
        listing.Rejects.ShouldAllBe(r => !RejectReason.IsFault(r.Reason));
    }

    [Fact]
    public void Absent_tables_are_named_with_where_to_get_them()
    {
        StudySource[] sources =
        [
            new MimicCxrSource(folder.Path), new MimicCxrJpgSource(folder.Path), new NihChestXray14Source(folder.Path),
            new CheXpertSource(folder.Path), new PadChestSource(folder.Path),
            new VinDrCxrSource(folder.Path), new RsnaPneumoniaSource(folder.Path), new OpenISource(folder.Path),
        ];
        string[] places = ["physionet.org/content/mimic-cxr)", "physionet.org/content/mimic-cxr-jpg", "nihcc.app.box.com", "stanfordaimi", "bimcv",
            "physionet.org/content/vindr-cxr", "kaggle.com/c/rsna", "openi.nlm.nih.gov"];
        foreach (var (source, place) in sources.Zip(places))
            Should.Throw<UserErrorException>(() => source.List(new StudyOptions())).Message.ShouldContain(place);
    }

    [Fact]
    public void Listed_patients_are_the_test_split_and_excluded_images_are_left_out()
    {
        MiniatureArchives.Mimic(folder.Path);
        var test = MiniatureArchives.WriteText(folder.File("consensus.csv"), "subject_id,edema_severity\n10000000,1\n10000002,2\n99999999,0\n");
        var exclude = MiniatureArchives.WriteText(folder.File("leaks.csv"), "image_id,split\n1-0-ap,train\n");

        var listing = new MimicCxrJpgSource(folder.Path).List(new StudyOptions(TestPatients: test, Exclude: exclude));

        listing.Radiographs.Where(r => r.Split == Split.Test).Select(r => r.PatientId).Distinct().ShouldBe(["10000000", "10000002"]);
        listing.Rejects.Single(r => r.Reason == RejectReason.Excluded).ImageId.ShouldBe("1-0-ap");
        listing.Notes.ShouldContain(n => n.Contains("2 of 3 are here"));
    }

    private void CheXpert(string version, bool hasTest)
    {
        const string header = "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema,Pleural Effusion\n";
        MiniatureArchives.WriteText(folder.File($"{version}/train.csv"), header
            + $"{version}/train/patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,,-1.0,1.0\n"
            + $"{version}/train/patient00001/study1/view2_lateral.jpg,Female,68,Lateral,,,-1.0,1.0\n"
            + $"{version}/train/patient00002/study1/view1_frontal.jpg,Male,50,Frontal,LL,1.0,,\n");
        MiniatureArchives.WriteText(
            folder.File($"{version}/valid.csv"), header + $"{version}/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,PA,0.0,0.0,1.0\n");
        if (hasTest)
            MiniatureArchives.WriteText(
                folder.File($"{version}/test_labels.csv"),
                "Path,No Finding,Edema,Pleural Effusion\ntest/patient70000/study1/view1_frontal.jpg,1.0,0.0,0.0\n");
        Pictures.WriteRadiograph(folder.File($"{version}/train/patient00001/study1/view1_frontal.jpg"), 1);
    }
}
