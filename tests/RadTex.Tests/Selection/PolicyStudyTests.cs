using RadTex.Selection;

namespace RadTex.Tests.Selection;

public sealed class PolicyStudyTests
{
    [Fact]
    public void A_policy_that_gains_on_every_finding_is_taken_and_one_that_loses_on_one_is_not()
    {
        var finished = Made(("random", [0.70, 0.72, 0.69, 0.71]), ("good", [0.75, 0.77, 0.74, 0.755]), ("bold", [0.79, 0.80, 0.66, 0.80]));
        var rows = PolicyStudy.Rows(finished);
        PolicyStudy.Default(rows).ShouldBe("good");
        rows.Single(r => r is { Policy: "bold", Case: "finding 2" })
            .ShouldSatisfyAllConditions(r => r.IsDeclared.ShouldBeTrue(), r => r.Gain!.Value.Difference.Estimate.ShouldBeLessThan(0));
        PolicyStudyPage.Verdict(rows, 4).ShouldStartWith("good: +0.0");
    }

    [Fact]
    public void Where_none_is_shown_to_be_better_random_order_is_the_default()
    {
        var rows = PolicyStudy.Rows(Made(("random", [0.70, 0.72, 0.69, 0.71]), ("other", [0.72, 0.70, 0.70, 0.70])));
        PolicyStudy.Default(rows).ShouldBe("random");
        PolicyStudyPage.Verdict(rows, 4).ShouldStartWith("None is shown");
        PolicyStudy.Default(PolicyStudy.Rows(Made(("random", [0.6]), ("other", [0.9])))).ShouldBe("random"); // one finding decides nothing
    }

    [Fact]
    public void A_study_goes_on_with_what_is_missing()
    {
        var (replay, policies) = (SelectionTests.Replay(120, 1), (ISelectionPolicy[])[new RandomPolicy(), new KCentrePolicy()]);
        PolicyCase[] cases = [new("Edema", replay, 0.5)];
        var kept = new List<PolicyStudy.Finished>();
        var all = PolicyStudy.Run(new(cases, policies, 3, [10, 20]), [], kept.Add, cancellation: TestContext.Current.CancellationToken);
        kept.Count.ShouldBe(6);
        var again = new List<PolicyStudy.Finished>();
        var resumed = PolicyStudy.Run(
            new(cases, policies, 3, [10, 20]), [.. kept.Take(4)], again.Add, cancellation: TestContext.Current.CancellationToken);
        again.Count.ShouldBe(2);
        resumed.Select(f => f.Result.AreaUnderCurve).ShouldBe(all.Select(f => f.Result.AreaUnderCurve));
        var html = PolicyStudyPage.Make(all, cases, "made features", synthetic: true).ToHtml();
        html.ShouldContain("synthetic");
        html.ShouldContain("k-centre");
        Should.Throw<UserErrorException>(
            () => PolicyStudy.Run(new(cases, [new KCentrePolicy()], 1, [10]), [], _ => { }, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>Five replays of each finding, about the area given.</summary>
    private static PolicyStudy.Finished[] Made(params (string Policy, double[] Areas)[] policies) =>
    [
        .. from policy in policies
           from of in policy.Areas.Select((area, i) => (Area: area, Name: $"finding {i}"))
           from seed in Enumerable.Range(0, 5)
           let auc = of.Area + 0.002 * (seed - 2) + (policy.Policy == "random" ? 0.001 * (seed % 2) : 0)
           select new PolicyStudy.Finished(of.Name, new(policy.Policy, (ulong)seed, [new(10, 3, auc, true, null), new(20, 6, auc, true, null)])),
    ];
}
