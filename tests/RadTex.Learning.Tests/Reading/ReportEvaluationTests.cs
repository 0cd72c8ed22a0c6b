using RadTex.Data;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Reading;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Text;

namespace RadTex.Learning.Tests.Reading;

public sealed class ReportEvaluationTests
{
    [Fact]
    public void True_reports_score_full_and_a_model_that_ignores_the_picture_is_exposed()
    {
        string[] truth =
            [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? "There is a small left pleural effusion." : "There is edema. No pleural effusion.")];
        string[] patients = [.. Enumerable.Range(0, 30).Select(i => $"patient {i}")];
        ReportSource[] sources =
            [new(ReportSource.Generated, truth), new(ReportSource.Constant, [.. truth.Select(_ => "No pleural effusion. No edema.")])];
        var scores = ReportEvaluation.Score(sources, truth, patients, R2GenText.From(truth, threshold: 1));
        scores[0].MacroF1OfPresent.ShouldBe(1);
        scores[0].Full.Bleu[3].ShouldBe(1, 1e-12);
        scores[0].R2Gen.RougeL!.Value.ShouldBe(1, 1e-12);
        scores[0].Findings.MacroF1.ShouldBe(2 / 14.0, 1e-12); // twelve of the fourteen are never stated
        scores[0].Ahead.ShouldBeNull();
        scores[1].MacroF1OfPresent.ShouldBe(0);
        scores[1].Ahead!.Value.Difference.Estimate.ShouldBe(1);
    }

    [Fact]
    public void A_split_is_scored_with_all_baselines()
    {
        using var folder = new TemporaryFolder();
        using var dataset = PreparedDataset.Open(TinyReader.WriteDataset(folder.File("dataset"), 24));
        using var reader = RadiographReader.Open(TinyReader.Write(folder.File("run")));
        var (reports, scores) = ReportEvaluation.Run(reader, dataset, Split.Test, 10, BeamSearch.Greedy);
        reports.Count.ShouldBe(10);
        scores.Select(s => s.Source).ShouldBe([ReportSource.Generated, ReportSource.Constant, ReportSource.Nearest, ReportSource.Shuffled]);
        scores[1].Full.Bleu[0].ShouldBeGreaterThan(0); // "No edema." is the report of half of them
        ScoreTables.Of(scores, null).ShouldAllBe(t => t.Table.Rows.All(row => row.Count == t.Table.Columns.Count));
    }

    [Fact]
    public void Maps_are_scored_on_phantoms_against_centre_and_chance()
    {
        using var folder = new TemporaryFolder();
        var (archive, prepared) = (folder.File("phantoms"), folder.File("dataset"));
        PhantomArchive.Write(
            new(Count: 30, Seed: 3, ShortSidePixels: 64, ReportStyle: PhantomReportStyle.Systematic), archive, false, 0, null,
            TestContext.Current.CancellationToken);
        DatasetPreparation.Run(
            new MimicCxrJpgSource(archive, new MimicOptions(Labels: "none")),
            new PreparationOptions(prepared, new StudyOptions(Split: SplitRule.Hash, Fractions: new(0.1, 0.1, 0.8)), TinyReader.Side));
        using var dataset = PreparedDataset.Open(prepared);
        using var reader = RadiographReader.Open(TinyReader.Write(folder.File("run"), VocabularyBuilder.Build(CaptionCorpus.Read(prepared), 300)));
        var found = LocalisationEvaluation
            .Run(reader, dataset, PhantomBoxes.Read(archive), Split.Test, null, cancellation: TestContext.Current.CancellationToken);
        found.Scores.Select(s => s.Method).Distinct().Count().ShouldBe(8);
        found.Scores.ShouldAllBe(
            s => s.Pointing >= 0 && s.Pointing <= 1 && s.IntersectionOverUnion >= 0 && s.IntersectionOverUnion <= 1 && s.Cases > 0);
        // The heart lies about the centre: who points there without looking is right.
        found.Scores.Single(s => s.Method == LocalisationEvaluation.Centre && s.Finding == "Cardiomegaly").Pointing
            .ShouldBeGreaterThan(found.Scores.Single(s => s.Method == LocalisationEvaluation.Random && s.Finding == "Cardiomegaly").Pointing);
        found.RandomisedCorrelation!.Value.ShouldBeInRange(-1, 1);
        found.RandomisedCamCorrelation!.Value.ShouldBeInRange(-1, 1);
        ScoreTables.Of([], found).ShouldAllBe(t => t.Table.Rows.All(row => row.Count == t.Table.Columns.Count));
        Should.Throw<UserErrorException>(() => PhantomBoxes.Read(folder.File("run"))).Message.ShouldContain("holds no phantoms");
    }
}
