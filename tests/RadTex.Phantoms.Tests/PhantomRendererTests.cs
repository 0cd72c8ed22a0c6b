namespace RadTex.Phantoms.Tests;

public sealed class PhantomRendererTests
{
    private static readonly PhantomOptions Options = new(Count: 1, Seed: 21, ShortSidePixels: 96);

    private static IEnumerable<(PhantomPatient Patient, PhantomStudy Study)> Studies(PhantomOptions options, PhantomFinding finding, int number)
    {
        var planner = new PhantomPlanner(options);
        int found = 0;
        for (int p = 0; found < number; p++)
        {
            var patient = planner.Plan(p);
            foreach (
                var study in patient.Studies
                    .Where(s => finding == PhantomFinding.Edema ? s.EdemaSeverity > 0 : s.Lesions.Any(l => l.Finding == finding)).Take(1))
            {
                found++;
                yield return (patient, study);
            }
        }
    }

    private static (double Inside, double All) Change(PhantomFinding finding, PhantomPatient patient, PhantomStudy study, PhantomRenderer renderer)
    {
        var with = renderer.Render(patient, study, 0);
        var without = renderer.Render(patient, study, 0, leaveOut: finding);
        var boxes = with.Boxes.Where(b => b.Finding == finding).ToList();
        double inside = 0, all = 0;
        for (int y = 0; y < with.Height; y++)
            for (int x = 0; x < with.Width; x++)
            {
                double change = Math.Abs(with.Pixels[y * with.Width + x] - without.Pixels[y * with.Width + x]);
                if (change < 3) continue; // scatter carries a trace of a lesion everywhere
                all += change;
                if (boxes.Any(b => x >= b.XMin - 2 && x <= b.XMax + 2 && y >= b.YMin - 2 && y <= b.YMax + 2)) inside += change;
            }
        return (inside, all);
    }

    [Theory]
    [InlineData(PhantomFinding.Consolidation)]
    [InlineData(PhantomFinding.Pneumonia)]
    [InlineData(PhantomFinding.LungOpacity)]
    [InlineData(PhantomFinding.Atelectasis)]
    [InlineData(PhantomFinding.PleuralEffusion)]
    [InlineData(PhantomFinding.Pneumothorax)]
    [InlineData(PhantomFinding.SupportDevices)]
    [InlineData(PhantomFinding.Edema)]
    public void A_lesion_changes_the_picture_in_its_box(PhantomFinding finding)
    {
        var renderer = new PhantomRenderer();
        double inside = 0, all = 0;
        foreach (var (patient, study) in Studies(Options, finding, 12))
        {
            var (i, a) = Change(finding, patient, study, renderer);
            (inside, all) = (inside + i, all + a);
        }
        all.ShouldBeGreaterThan(1000);
        (inside / all).ShouldBeGreaterThan(0.8);
    }

    [Fact]
    public void Boxes_lie_in_the_picture_and_every_plain_lesion_has_one()
    {
        var renderer = new PhantomRenderer();
        var planner = new PhantomPlanner(Options);
        int lesions = 0, boxes = 0;
        for (int p = 0; p < 40; p++)
        {
            var patient = planner.Plan(p);
            foreach (var study in patient.Studies)
            {
                var radiograph = renderer.Render(patient, study, 0);
                radiograph.Boxes.ShouldAllBe(
                    b => b.XMin >= 0 && b.XMin <= b.XMax && b.XMax < radiograph.Width && b.YMin >= 0 && b.YMin <= b.YMax
                        && b.YMax < radiograph.Height);
                lesions += study.Lesions.Count + (study.EdemaSeverity > 0 ? 1 : 0);
                boxes += radiograph.Boxes.Count;
            }
        }
        lesions.ShouldBeGreaterThan(60);
        boxes.ShouldBeGreaterThan((int)(0.97 * lesions)); // one that lies outside the film has none
    }

    [Theory]
    [InlineData(PhantomFinding.Consolidation)]
    [InlineData(PhantomFinding.LungOpacity)]
    [InlineData(PhantomFinding.PleuralEffusion)]
    [InlineData(PhantomFinding.Edema)]
    public void Difficulty_takes_contrast_away(PhantomFinding finding)
    {
        var renderer = new PhantomRenderer();
        double Total(double difficulty) =>
            Studies(Options with { Difficulty = difficulty }, finding, 10).Sum(s => Change(finding, s.Patient, s.Study, renderer).All);
        double plain = Total(0.4), usual = Total(1), hard = Total(3);
        plain.ShouldBeGreaterThan(1.2 * usual);
        usual.ShouldBeGreaterThan(1.2 * hard);
    }

    [Fact]
    public void A_patient_is_the_same_at_every_difficulty_and_cut()
    {
        var usual = new PhantomPlanner(Options).Plan(3);
        var hard = new PhantomPlanner(Options with { Difficulty = 2 }).Plan(3);
        hard.Anatomy.ShouldBe(usual.Anatomy);
        hard.Studies.Select(s => s.EdemaSeverity).ShouldBe(usual.Studies.Select(s => s.EdemaSeverity));
        hard.Studies.Select(s => string.Join(',', s.Lesions.Select(l => l.Finding)))
            .ShouldBe(usual.Studies.Select(s => string.Join(',', s.Lesions.Select(l => l.Finding))));
        new PhantomPlanner(Options).Plan(3, radiographLimit: 1).Studies[0].Exposures[0].ShouldBe(usual.Studies[0].Exposures[0]);
    }

    [Fact]
    public void Studies_of_a_patient_follow_one_another_in_time()
    {
        var planner = new PhantomPlanner(Options);
        var patients = Enumerable.Range(0, 200).Select(p => planner.Plan(p)).ToList();
        patients.ShouldAllBe(p => p.Studies.Count >= 1 && p.Studies.Count <= 4);
        patients.ShouldAllBe(p => p.Studies.Zip(p.Studies.Skip(1)).All(s => s.First.Time < s.Second.Time));
        patients.Select(p => p.SubjectId).Distinct().Count().ShouldBe(200);
        patients.SelectMany(p => p.Studies).Select(s => s.StudyId).Distinct().Count().ShouldBe(patients.Sum(p => p.Studies.Count));
        patients.ShouldAllBe(p => p.SubjectId >= 10_000_000 && p.SubjectId < 20_000_000);
    }

    [Fact]
    public void Bone_is_brighter_than_lung()
    {
        var (patient, study) = Studies(Options, PhantomFinding.SupportDevices, 1).First();
        var plain = study with
        {
            Lesions = [],
            EdemaSeverity = 0,
            Exposures = [study.Exposures[0] with { ShiftX = 0, ShiftY = 0, TiltRadians = 0, CollimatedEdge = 0, GradientX = 0, GradientY = 0 }],
        };
        var radiograph = new PhantomRenderer().Render(patient, plain, 0);
        int row = radiograph.Height / 2 - radiograph.Height / 10;
        double At(double x) => Enumerable.Range(-4, 9).SelectMany(
            dy => Enumerable.Range(-2, 5).Select(dx => (double)radiograph.Pixels[(row + dy) * radiograph.Width + (int)(x * radiograph.Width) + dx]))
                .Average();
        At(0.5).ShouldBeGreaterThan(At(0.25) + 40); // spine against the lung on the picture's left
    }
}
