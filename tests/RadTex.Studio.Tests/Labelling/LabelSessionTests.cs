using RadTex.Data;
using RadTex.Heads;
using RadTex.Selection;
using RadTex.Studies;
using RadTex.Studio.Labelling;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Tests.Labelling;

public sealed class LabelSessionTests : IDisposable
{
    private const string Edema = "Edema", Ann = "reader-1", Ben = "reader-2";

    private readonly string folder = Directory.CreateTempSubdirectory("radtex-session-").FullName;

    private string ProjectPath => Path.Combine(folder, "project.radtex");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void One_picture_in_five_comes_from_the_reserve_with_its_chance_and_no_policy_takes_its_patients()
    {
        var (pool, classes) = Pool(120, withFeatures: true);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 40; i++) AnswerNext(session, Ann, pool, classes);
        var picks = project.Events.Where(e => e.Kind == EventKind.Pick).ToArray();
        picks.Length.ShouldBe(40);
        picks.Select(p => p.Picture).ShouldBeUnique();
        picks.Count(p => p.Policy == LabelBook.ReservePolicy).ShouldBe(8);
        picks.Where(p => p.Policy == LabelBook.ReservePolicy).ShouldAllBe(p => p.Propensity == 0.2);
        var reserve = Reserve.Draw(pool.Selection, pool.Selection.Patients / 5, settings.Seed);
        picks.Where(p => p.Policy != LabelBook.ReservePolicy).ShouldAllBe(p => !reserve.Holds(pool.Selection, pool.RowOf(p.Picture)));
        picks.Where(p => p.Policy == LabelBook.ReservePolicy).Select(p => pool.RowOf(p.Picture)).ShouldBe(reserve.Rows.Take(8));
        picks.Select(p => p.Policy).Distinct().ShouldBe([LabelBook.ReservePolicy, settings.Policy], ignoreOrder: true);
    }

    [Fact]
    public void A_project_opened_again_goes_on_at_the_same_picture_with_the_same_head()
    {
        var (pool, classes) = Pool(100, withFeatures: true);
        string expected;
        double[] weights;
        using (var project = Create(out var settings))
        {
            var session = new LabelSession(project, settings, pool);
            for (int i = 0; i < 23; i++) AnswerNext(session, Ann, pool, classes);
            expected = session.Next(Ann, Edema)!.Picture;
            weights = session.Head(Edema)!.Weights.Weights;
        }
        using var again = ProjectFile.Open(ProjectPath);
        var settingsAgain = ProjectSettings.Parse(again.Events[0].Note, ProjectPath);
        var resumed = new LabelSession(again, settingsAgain, pool);
        resumed.Next(Ann, Edema)!.Picture.ShouldBe(expected);
        resumed.Head(Edema)!.Weights.Weights.ShouldBe(weights);
    }

    [Fact]
    public void The_live_head_is_the_one_a_transfer_fits_on_the_same_labels()
    {
        var (pool, classes) = Pool(100, withFeatures: true);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 30; i++) AnswerNext(session, Ann, pool, classes);
        var labelled = session.Read(b => b.Labelled(Edema));
        var (expected, _, _, _) = LogisticHead.Fit(
            pool.Features!, [.. labelled.Select(l => pool.RowOf(l.Picture))], [.. labelled.Select(l => l.Class)], 2,
            new CounterRandom(CounterRandom.Hash(settings.Seed, 20)));
        session.Head(Edema)!.Weights.Weights.ShouldBe(expected.Weights);
    }

    [Fact]
    public void Answers_are_taken_back_without_end_and_across_openings()
    {
        var (pool, classes) = Pool(60, withFeatures: false);
        using (var project = Create(out var settings))
        {
            var session = new LabelSession(project, settings, pool);
            for (int i = 0; i < 7; i++) AnswerNext(session, Ann, pool, classes);
            session.Undo(Ann)!.Of.ShouldNotBeNull();
        }
        using var again = ProjectFile.Open(ProjectPath);
        var resumed = new LabelSession(again, ProjectSettings.Parse(again.Events[0].Note, ProjectPath), pool);
        resumed.Read(b => b.Of(Ann, Edema).Count).ShouldBe(6);
        for (int left = 5; left >= 0; left--)
        {
            var undone = resumed.Undo(Ann)!;
            resumed.Read(b => b.Of(Ann, Edema).Count).ShouldBe(left);
            undone.Kind.ShouldBe(EventKind.Undo);
        }
        resumed.Undo(Ann).ShouldBeNull();
        resumed.Next(Ann, Edema)!.Picture.ShouldBe(again.Events.First(e => e.Kind == EventKind.Pick).Picture);
    }

    [Fact]
    public void Uncertain_and_not_assessable_are_no_negatives_and_are_told()
    {
        var (pool, classes) = Pool(60, withFeatures: true);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 12; i++)
            AnswerNext(session, Ann, pool, classes, i % 4 == 0 ? Answer.Uncertain : i % 4 == 1 ? Answer.NotAssessable : null);
        var figures = session.Figures(Edema);
        (figures.Labels, figures.Uncertain, figures.NotAssessable).ShouldBe((6, 3, 3));
        figures.ByClass.Sum().ShouldBe(6);
        figures.Auc.ShouldBeNull();
        figures.WhyNoAuc!.ShouldContain("fewer than 10");
    }

    [Fact]
    public void What_is_answered_anew_on_ones_own_account_is_a_revision_and_figures_keep_the_first()
    {
        var (pool, classes) = Pool(60, withFeatures: true);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        var picture = session.Next(Ann, Edema)!.Picture;
        Should.Throw<UserErrorException>(() => session.Open(Ann, Edema, picture, EventKind.MapOpened)).Message
            .ShouldContain("once the answer is given");
        session.Answer(Ann, Edema, picture, Answer.Of(1));
        session.Open(Ann, Edema, picture, EventKind.MapOpened);
        var revised = session.Answer(Ann, Edema, picture, Answer.Of(0));
        revised.Kind.ShouldBe(EventKind.Revise);
        revised.Visible.ShouldBe("map or report");
        session.Read(b => b.Of(Ann, Edema)[picture]).ShouldSatisfyAllConditions(l => l.First.Class.ShouldBe(1), l => l.Current.Class.ShouldBe(0));
        session.Read(b => (b.Labelled(Edema).Single().Class, b.Labelled(Edema, first: true).Single().Class)).ShouldBe((0, 1));
    }

    [Fact]
    public void From_fifty_labels_on_second_looks_come_with_as_many_random_repeats_and_neither_says_which_it_is()
    {
        var (pool, classes) = Pool(400, withFeatures: true, errors: 0.1);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 140; i++) AnswerNext(session, Ann, pool, classes);
        var picks = project.Events.Where(e => e.Kind == EventKind.Pick).ToArray();
        int random = picks.Count(p => p.Policy == LabelBook.RandomRepeat), looks = picks.Count(p => p.Policy == LabelBook.SecondLook);
        random.ShouldBeGreaterThan(5);
        looks.ShouldBeInRange(1, random);
        picks.Where(p => p.Policy is LabelBook.RandomRepeat or LabelBook.SecondLook).Select(p => p.Picture).ShouldBeUnique();
        project.Events.Count(e => e.Kind == EventKind.Repeat).ShouldBeGreaterThan(5);
        var figures = session.Figures(Edema);
        figures.SelfAgreement.ShouldBeNull();
        figures.WhyNoSelfAgreement!.ShouldContain("fewer than 30");
    }

    [Fact]
    public void Without_features_pictures_come_in_random_order_and_features_that_arrive_are_used()
    {
        var (pool, classes) = Pool(100, withFeatures: false);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 5; i++) AnswerNext(session, Ann, pool, classes);
        session.Figures(Edema).WhyNoAuc!.ShouldContain("features are not there yet");
        pool.Take(Features(100, classes));
        for (int i = 0; i < 20; i++) AnswerNext(session, Ann, pool, classes);
        var policies = project.Events.Where(e => e.Kind == EventKind.Pick).Select(e => e.Policy).ToArray();
        policies.Take(5).ShouldAllBe(p => p == "random" || p == LabelBook.ReservePolicy);
        policies.Skip(5).ShouldNotContain("random");
        session.Head(Edema).ShouldNotBeNull();
    }

    [Fact]
    public void Readers_have_their_own_queues_share_a_stated_part_and_disagreements_wait_to_be_settled()
    {
        var (pool, classes) = Pool(100, withFeatures: false);
        using var project = Create(out var settings, s => s with { SharedShare = 1 });
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 10; i++) AnswerNext(session, Ann, pool, classes);
        for (int i = 0; i < 10; i++) AnswerNext(session, Ben, pool, classes, Answer.Of(i % 2));
        var (ann, ben) = session.Read(b => (b.Of(Ann, Edema).Keys.ToHashSet(), b.Of(Ben, Edema).Keys.ToHashSet()));
        ann.Intersect(ben).Count().ShouldBeGreaterThan(6);
        var open = session.Read(b => b.Disagreements(Edema));
        open.ShouldNotBeEmpty();
        session.Read(b => b.Consensus(Edema, open[0], first: true)).ShouldBeNull();
        project.Append(new(EventKind.Adjudicate, "reader-3", Edema, open[0], "1"));
        new LabelBook(project.Events, settings).ShouldSatisfyAllConditions(
            b => b.Disagreements(Edema).ShouldNotContain(open[0]), b => b.Consensus(Edema, open[0], first: true)!.Value.Class.ShouldBe(1));
    }

    [Fact]
    public void A_reader_who_follows_another_is_asked_nothing_twice_in_a_row_and_the_reserve_as_the_reserve()
    {
        var (pool, classes) = Pool(120, withFeatures: true);
        using var project = Create(out var settings, s => s with { SharedShare = 1 });
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 20; i++) AnswerNext(session, Ann, pool, classes);
        for (int i = 0; i < 20; i++) AnswerNext(session, Ben, pool, classes);
        StudioEvent[] Picks(string reader) => [.. project.Events.Where(e => e.Kind == EventKind.Pick && e.Reader == reader)];
        Picks(Ben).Select(p => p.Picture).ShouldBeUnique();
        string[] Reserve(string reader) => [.. Picks(reader).Where(p => p.Policy == LabelBook.ReservePolicy).Select(p => p.Picture)];
        Reserve(Ben).ShouldBe(Reserve(Ann));
    }

    [Fact]
    public void Pictures_that_were_not_asked_are_refused()
    {
        var (pool, _) = Pool(50, withFeatures: false);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        var next = session.Next(Ann, Edema)!.Picture;
        var other = pool.Hashes.First(h => session.Read(b => !b.Picked(Ann, Edema).Contains(h)));
        Should.Throw<UserErrorException>(() => session.Answer(Ann, Edema, other, Answer.Of(1))).Message.ShouldContain("was not asked");
        Should.Throw<UserErrorException>(() => session.Answer(Ann, Edema, new string('f', 64), Answer.Of(1))).Message
            .ShouldContain("none of this project");
        Should.Throw<UserErrorException>(() => session.Answer(Ann, "Fracture", next, Answer.Of(1))).Message.ShouldContain("Expected Edema");
        Should.Throw<UserErrorException>(() => session.Answer(Ann, Edema, next, Answer.Of(2))).Message.ShouldContain("Expected 0 to 1");
        session.Skip(Ann, Edema, next);
        session.Next(Ann, Edema)!.Picture.ShouldNotBe(next);
        project.Events.Count(e => e.Kind == EventKind.Label).ShouldBe(0);
    }

    [Fact]
    public void A_pool_that_is_asked_to_its_end_has_no_next()
    {
        var (pool, classes) = Pool(12, withFeatures: false);
        using var project = Create(out var settings);
        var session = new LabelSession(project, settings, pool);
        int asked = 0;
        while (session.Next(Ann, Edema) is not null)
        {
            AnswerNext(session, Ann, pool, classes);
            (++asked).ShouldBeLessThan(20);
        }
        asked.ShouldBeInRange(10, 12); // the reserve's patients have one picture each here
    }

    [Fact]
    public void Soft_labels_teach_a_head_every_readers_answer_each_picture_with_equal_weight()
    {
        var (pool, classes) = Pool(60, withFeatures: true);
        using var project = Create(out var settings, s => s with { SharedShare = 1, SoftLabels = true });
        var session = new LabelSession(project, settings, pool);
        for (int i = 0; i < 20; i++) AnswerNext(session, Ann, pool, classes);
        for (int i = 0; i < 12; i++) AnswerNext(session, Ben, pool, classes, Answer.Of(i % 2));
        var (targets, both, split) = session.Read(b => (
            b.Targets(Edema), b.Of(Ann, Edema).Keys.Intersect(b.Of(Ben, Edema).Keys).ToArray(), b.Disagreements(Edema)));
        split.ShouldNotBeEmpty();
        targets.CountBy(t => t.Picture).ShouldAllBe(p => p.Value == 2); // once for each of two, twice for one alone
        targets.Where(t => t.Picture == split[0]).Select(t => t.Class).Order().ShouldBe([0, 1]);
        session.Read(b => b.MeanClass(Edema, split[0])).ShouldBe(0.5);
        session.Head(Edema)!.Rows.Count.ShouldBe(targets.Count);
        session.Figures(Edema).Labels.ShouldBe(session.Read(b => b.Labelled(Edema).Count));
        session.Settle("reader-3", Edema, split[0], Answer.Of(1), "adjudicator");
        session.Read(b => b.MeanClass(Edema, split[0])).ShouldBe(1);
        session.Read(b => b.Targets(Edema)).Where(t => t.Picture == split[0]).ShouldAllBe(t => t.Class == 1);
        both.Length.ShouldBeGreaterThan(split.Count);
    }

    [Fact]
    public void Scores_known_before_balance_the_first_picks()
    {
        int[] truth = [.. Enumerable.Range(0, 300).Select(i => i % 20 == 0 ? 1 : 0)];
        int Found(bool hasPrior)
        {
            var pool = new PicturePool([.. Enumerable.Range(0, 300).Select(i => $"{i:x64}")], [.. Enumerable.Range(0, 300).Select(i => $"p{i}")]);
            // The features know nothing of the finding; the scores do.
            pool.Take(Features(300, new int[300]), hasPrior ? [.. truth.Select((c, i) => 10.0 * c + i % 7)] : null);
            using var project = ProjectFile.Create(
                Path.Combine(folder, $"prior-{hasPrior}.radtex"), new ProjectSettings([Edema], 2, "d", "e", "typical", 7, true).ToJson());
            var session = new LabelSession(project, new([Edema], 2, "d", "e", "typical", 7, true), pool);
            for (int i = 0; i < 20; i++) AnswerNext(session, Ann, pool, truth);
            return session.Read(b => b.Labelled(Edema)).Count(l => l.Class == 1);
        }
        Found(hasPrior: true).ShouldBeGreaterThanOrEqualTo(Found(hasPrior: false));
    }

    private ProjectFile Create(out ProjectSettings settings, Func<ProjectSettings, ProjectSettings>? change = null)
    {
        settings = new([Edema], 2, "dataset", "encoder", "staged", 7, Synthetic: true);
        if (change is not null) settings = change(settings);
        return ProjectFile.Create(ProjectPath, settings.ToJson());
    }

    private static void AnswerNext(LabelSession session, string reader, PicturePool pool, int[] classes, Answer? answer = null)
    {
        var next = session.Next(reader, Edema)!;
        session.Answer(reader, Edema, next.Picture, answer ?? Answer.Of(classes[pool.RowOf(next.Picture)]));
    }

    private static (PicturePool Pool, int[] Classes) Pool(int count, bool withFeatures, double errors = 0)
    {
        var random = new CounterRandom(31);
        int[] truth = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? 1 : 0)];
        var pool = new PicturePool([.. Enumerable.Range(0, count).Select(i => $"{i:x64}")], [.. Enumerable.Range(0, count).Select(i => $"p{i}")]);
        if (withFeatures) pool.Take(Features(count, truth));
        return (pool, [.. truth.Select(c => random.UniformDouble() < errors ? 1 - c : c)]);
    }

    private static RadiographFeatures Features(int count, int[] classes)
    {
        const int width = 5;
        var random = new CounterRandom(32);
        var values = new float[count * width];
        for (int i = 0; i < count; i++)
            for (int f = 0; f < width; f++) values[i * width + f] = 3 + random.Normal() + (f == 0 ? 2 * classes[i] : 0);
        return new(
            [.. Enumerable.Range(0, count)
                .Select(i => new PreparedRadiograph(i, $"image{i}", $"p{i}", $"s{i}", "PA", Split.Train, null, [], "", 0, 1, 1))], [], width, values);
    }
}
