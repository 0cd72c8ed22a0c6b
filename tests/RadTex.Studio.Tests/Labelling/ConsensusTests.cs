using RadTex.Studio.Labelling;
using RadTex.Studio.Tests.Web;

namespace RadTex.Studio.Tests.Labelling;

/// <summary>What heads learn where readers differ.</summary>
public sealed class ConsensusTests
{
    private const string Edema = SmallStudio.Finding, Ann = "reader-1", Ben = "reader-2";

    [Fact]
    public async Task What_a_meeting_settles_is_the_target_of_heads_and_readers_first_answers_stay()
    {
        await using var studio = await SmallStudio.OpenAsync(TestContext.Current.CancellationToken, readers: [Ann, Ben]);
        var session = studio.Work.Session;
        for (int i = 0; i < 10; i++) session.Answer(Ann, Edema, session.Next(Ann, Edema)!.Picture, Answer.Of(1));
        for (int i = 0; i < 10; i++) session.Answer(Ben, Edema, session.Next(Ben, Edema)!.Picture, Answer.Of(0));
        var open = session.Read(b => b.Disagreements(Edema));
        open.Count.ShouldBeGreaterThan(6);
        // Where two readers differ there is no target until it is settled, then what was settled.
        session.Read(b => b.Targets(Edema)).Select(t => t.Picture).Intersect(open).ShouldBeEmpty();
        session.Settle(Ann, Edema, open[0], Answer.Of(1), "consensus meeting").Note.ShouldBe("consensus meeting");
        session.Read(b => b.Targets(Edema)).Single(t => t.Picture == open[0]).Class.ShouldBe(1);
        session.Read(b => (b.Of(Ann, Edema)[open[0]].First.Class, b.Of(Ben, Edema)[open[0]].First.Class)).ShouldBe((1, 0));
        Should.Throw<UserErrorException>(() => session.Settle(Ann, Edema, open[0], Answer.Of(0), "adjudicator")).Message.ShouldContain("settled");
    }
}
