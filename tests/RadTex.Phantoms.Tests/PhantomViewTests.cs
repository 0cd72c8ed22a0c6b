namespace RadTex.Phantoms.Tests;

/// <summary>What the view of a phantom tells of its findings. Plans alone: nothing is drawn.</summary>
public sealed class PhantomViewTests
{
    private const int Patients = 3000;

    [Fact]
    public void Balanced_by_view_the_view_tells_nothing_of_any_finding_and_else_much()
    {
        var (ward, balanced) = (Studies(false), Studies(true));
        foreach (var finding in Enum.GetValues<PhantomFinding>()) Math.Abs(Deviations(balanced, finding)).ShouldBeLessThan(4, finding.Name());
        Math.Abs(Deviations(balanced, s => s.EdemaSeverity > 1)).ShouldBeLessThan(4);
        Deviations(ward, PhantomFinding.SupportDevices).ShouldBeGreaterThan(15);
        Deviations(ward, PhantomFinding.Edema).ShouldBeGreaterThan(3);
        balanced.Average(s => s.IsAnteroposterior ? 1 : 0).ShouldBe(0.5, 0.03);
    }

    [Fact]
    public void Findings_and_courses_are_the_same_in_both()
    {
        var (ward, balanced) = (Studies(false), Studies(true));
        balanced.Length.ShouldBe(ward.Length);
        balanced.Count(s => s.IsAnteroposterior).ShouldNotBe(ward.Count(s => s.IsAnteroposterior));
        for (int i = 0; i < ward.Length; i++)
        {
            balanced[i].Lesions.ShouldBe(ward[i].Lesions);
            (balanced[i].StudyId, balanced[i].Time, balanced[i].EdemaSeverity, balanced[i].EdemaTrend)
                .ShouldBe((ward[i].StudyId, ward[i].Time, ward[i].EdemaSeverity, ward[i].EdemaTrend));
        }
    }

    [Fact]
    public void A_set_that_is_not_balanced_says_nothing_of_it_and_a_balanced_one_is_another_set()
    {
        using var folder = new TemporaryFolder();
        var options = new PhantomOptions(2, 5, 64);
        PhantomArchive.Write(options, folder.File("ward"));
        File.ReadAllText(folder.File("ward/phantoms.json")).ShouldNotContain("balanced");
        Should.Throw<UserErrorException>(() => PhantomArchive.Write(options with { BalancedByView = true }, folder.File("ward"))).Message
            .ShouldContain("balanced by view is False there, True now");
        PhantomArchive.Write(options with { BalancedByView = true }, folder.File("balanced")).Options.BalancedByView.ShouldBeTrue();
        PhantomManifest.Read(folder.File("balanced"))!.Options.ShouldBe(options with { BalancedByView = true });
    }

    private static PhantomStudy[] Studies(bool isBalanced)
    {
        var planner = new PhantomPlanner(new PhantomOptions(Patients, 7, BalancedByView: isBalanced));
        return [.. Enumerable.Range(0, Patients).SelectMany(p => planner.Plan(p).Studies)];
    }

    private static double Deviations(PhantomStudy[] studies, PhantomFinding finding) => Deviations(studies, s => s.Has(finding));

    /// <summary>How many standard errors the AP share of studies with a finding lies above that of the others.</summary>
    private static double Deviations(PhantomStudy[] studies, Func<PhantomStudy, bool> has)
    {
        PhantomStudy[] with = [.. studies.Where(has)], without = [.. studies.Where(s => !has(s))];
        double share = studies.Average(s => s.IsAnteroposterior ? 1.0 : 0);
        double difference = with.Average(s => s.IsAnteroposterior ? 1.0 : 0) - without.Average(s => s.IsAnteroposterior ? 1.0 : 0);
        return difference / Math.Sqrt(share * (1 - share) * (1.0 / with.Length + 1.0 / without.Length));
    }
}
