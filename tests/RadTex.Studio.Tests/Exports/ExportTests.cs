using System.Globalization;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Prediction;
using RadTex.Studio.Exports;
using RadTex.Studio.Tests.Web;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Exports;

public sealed class ExportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_card_shows_no_number_of_a_guideline_that_was_not_held_against_its_list()
    {
        await using var studio = await SmallStudio.OpenAsync(TestContext.Current.CancellationToken);
        studio.Label(10);
        string[] held =
            [.. Enumerable.Range(1, 20).Select(n => string.Create(CultureInfo.InvariantCulture, $"CLAIM {n}")), "TRIPOD+AI 3b", "TRIPOD+AI 5a"];

        var shown = ModelCard.Of(studio.Work).Sections.SelectMany(s => s.Items).Where(i => i.Reporting.Length > 0).ToArray();

        shown.SelectMany(i => i.Reporting.Split(", ")).Except(held).ShouldBeEmpty();
        shown.Length.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task The_exported_classifier_gives_the_live_heads_probabilities_and_knows_what_it_learnt_from()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(40);
        var path = studio.File("edema.onnx");
        ClassifierExport.Write(studio.Work, SmallStudio.Finding, path);
        using IRadiographModel model = OnnxRadiographModel.Open(path);
        var head = studio.Work.Session.Head(SmallStudio.Finding)!;
        int[] rows = [.. studio.Work.Dataset.IndicesOf(RadTex.Studies.Split.Train).Take(8)];
        using var batch = model.Pipeline().Rows(studio.Work.Dataset, rows);
        float[] found = model.Probabilities(batch.Images, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            int row = studio.Work.Pool.RowOf(RadTex.Studio.Pictures.Originals.HashOf(studio.Work.Dataset, rows[i]));
            found[i].ShouldBe((float)head.Probability(row), 1e-5f);
        }
        // 40 labels hold 8 of the reserve: too few of a class to calibrate on.
        model.Notes.Outputs.Single().Threshold.ShouldBeNull();
        ClassifierExport.Describe(studio.Work, SmallStudio.Finding).Text.ShouldStartWith("uncalibrated and without an operating point");
        model.Notes.Seen.Parts.ShouldContain(p => p.Purpose == SeenRadiographs.Labels);
    }

    [Fact]
    public async Task A_classifier_of_enough_labels_of_the_reserve_is_calibrated_and_has_an_operating_point()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, count: 520);
        studio.Label(260, withErrors: true);
        var (change, threshold, why) = ClassifierExport.Calibrate(studio.Work, SmallStudio.Finding);
        change.ShouldNotBeNull(why);
        change.Slope.ShouldBe(1);
        threshold.ShouldNotBeNull(why);
        var path = studio.File("edema.onnx");
        ClassifierExport.Write(studio.Work, SmallStudio.Finding, path);
        using var model = OnnxRadiographModel.Open(path);
        model.Notes.Outputs.Single().Threshold.ShouldBe(threshold);
        model.Notes.Outputs.Single().Recalibrations.ShouldBe([change]);

        var card = ModelCard.Of(studio.Work).Sections.SelectMany(s => s.Items).ToDictionary(i => i.Name, i => i.Text);
        card["Within projections"].ShouldMatch(
            @"^AP: n/a: \d+ positive and .* \(\d+ of \d+ with the finding\); PA: [01]\.\d\d \[.*\] \(\d+ of \d+ with the finding\)$");
        var scores = studio.Work.Session.Scores(SmallStudio.Finding)!;
        card["Wrong on the reserve"].ShouldMatch(
            $"of {scores.Positives} with the finding are missed, \\d+ of {scores.Positive.Length - scores.Positives} ");
    }

    [Fact]
    public async Task The_strip_tells_what_more_labels_are_worth_by_the_last_curve_that_was_finished()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, count: 520);
        studio.Label(40);
        string Forecast() => StripText.Of(studio.Work, SmallStudio.Finding).Forecast;
        Forecast().ShouldBe(""); // no AUC on the reserve, no curve
        studio.Label(220, withErrors: true);
        while (studio.Work.Curve(SmallStudio.Finding) is null) await Task.Delay(20, Cancellation);
        var first = studio.Work.Curve(SmallStudio.Finding)!.Worth.ShouldNotBeNull();
        first.ShouldMatch(@"^20 more labels ≈ [+-]?0\.\d\d \[[+-]?0\.\d\d, [+-]?0\.\d\d\]$");
        Forecast().ShouldBe(first);
        studio.Label(3);
        var before = studio.Work.LastCurve(SmallStudio.Finding);
        Forecast().ShouldBe(first); // of three labels less: none is made for every key
        int Labels() => studio.Work.Session.Figures(SmallStudio.Finding).Labels;
        for (int at = Labels(); Labels() < at + 10;) studio.Label(1); // repeats are no labels
        Forecast().ShouldNotBeEmpty(); // the one before, while a new one is in the making
        while (ReferenceEquals(studio.Work.LastCurve(SmallStudio.Finding), before)) await Task.Delay(20, Cancellation);
        Forecast().ShouldBe(studio.Work.LastCurve(SmallStudio.Finding)!.Worth);
    }

    [Fact]
    public async Task Heads_leave_in_the_form_of_a_transfers_folder()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(40);
        var folder = studio.File("heads");
        HeadsFolder.Write(studio.Work, folder).ShouldBe(1);
        var read = TrainedHead.Read(folder, studio.Work.Encoder!.Encoder.WeightsSha256, []).Single();
        var head = studio.Work.Session.Head(SmallStudio.Finding)!;
        read.Weights.Weights.ShouldBe(head.Weights.Weights);
        (read.Task, read.Examples, read.Kind).ShouldBe((SmallStudio.Finding, 40, HeadKind.Logistic));
        read.Seen!.Parts.ShouldContain(p => p.Purpose == SeenRadiographs.Labels);
        Should.Throw<UserErrorException>(() => TrainedHead.Read(folder, new string('b', 64), [])).Message.ShouldContain("another encoder");
        var zip = studio.File("heads.zip");
        HeadsFolder.WriteZip(studio.Work, zip);
        using var archive = System.IO.Compression.ZipFile.OpenRead(zip);
        archive.Entries.Select(e => e.Name).ShouldBe(["heads.json", "heads.safetensors", "metrics.json", "seen.json"], ignoreOrder: true);
    }

    [Fact]
    public async Task Grades_have_an_auc_a_cut_on_the_reserve_and_leave_as_a_classifier_of_all_grades()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation, count: 520, change: o => o with { Classes = 3 });
        for (int i = 0; i < 230; i++)
        {
            var next = studio.Work.Session.Next("reader-1", SmallStudio.Finding)!;
            // Of those with the finding every second one is severe, whatever it looks like; one answer in sixteen is wrong.
            bool isThere = studio.Truth(next.Picture) != (next.Picture[1] == '7');
            int grade = isThere ? next.Picture[0] % 2 + 1 : 0;
            studio.Work.Session.Answer("reader-1", SmallStudio.Finding, next.Picture, RadTex.Studio.Labelling.Answer.Of(grade));
        }
        var figures = studio.Work.Session.Figures(SmallStudio.Finding);
        figures.Auc.ShouldBeNull();
        figures.Cuts.Select(c => c.Cut).ShouldBe([0, 1]);
        figures.Cuts[0].Auc.ShouldNotBeNull(RadTex.Studio.Labelling.FigureText.AucOf(figures) + string.Join(' ', figures.ReserveByClass));
        figures.Cuts[0].Auc!.Value.Estimate.ShouldBeGreaterThan(0.7, RadTex.Studio.Labelling.FigureText.AucOf(figures));
        RadTex.Studio.Labelling.FigureText.AucOf(figures).ShouldStartWith("AUC 0 v 1-2 0.");
        ModelCard.Of(studio.Work).Sections.SelectMany(s => s.Items).Single(i => i.Name == "AUC on the reserve").Text.ShouldStartWith("0 v 1-2 0.");
        var path = studio.File("severity.onnx");
        ClassifierExport.Write(studio.Work, SmallStudio.Finding, path);
        using IRadiographModel model = OnnxRadiographModel.Open(path);
        int[] rows = [.. studio.Work.Dataset.IndicesOf(RadTex.Studies.Split.Train).Take(5)];
        using var batch = model.Pipeline().Rows(studio.Work.Dataset, rows);
        float[] found = model.Probabilities(batch.Images, rows.Length);
        found.Length.ShouldBe(15);
        for (int i = 0; i < 5; i++) found.Skip(3 * i).Take(3).Sum().ShouldBe(1, 1e-5f);
    }

    [Fact]
    public async Task Labels_leave_as_they_were_given_with_policy_and_chance()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(25);
        var csv = studio.File("labels.csv");
        LabelTable.WriteCsv(LabelRow.Of(studio.Work), csv);
        string[] lines = await System.IO.File.ReadAllLinesAsync(csv, Cancellation);
        lines.Length.ShouldBe(26);
        lines[0].ShouldStartWith("image_id,patient_id,study_id,finding,reader,first,current,agreed");
        lines.Count(l => l.Contains(",reserve,")).ShouldBe(5);
        foreach (var row in LabelRow.Of(studio.Work))
            row.First.ShouldBe(studio.Work.Dataset.Radiographs.Single(r => r.ImageId == row.ImageId).Labels[0] > 0 ? "1" : "0");
        var parquet = studio.File("labels.parquet");
        LabelTable.WriteParquet(LabelRow.Of(studio.Work), parquet);
        new FileInfo(parquet).Length.ShouldBeGreaterThan(100);
        var json = studio.File("labels.json");
        LabelStudioFile.Write(LabelRow.Of(studio.Work), 2, json);
        using var tasks = System.Text.Json.JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(json, Cancellation));
        tasks.RootElement.GetArrayLength().ShouldBe(25);
    }

    [Fact]
    public async Task Labels_leave_under_codes_that_only_the_key_gives_where_that_is_asked()
    {
        await using var studio = await SmallStudio.OpenAsync(TestContext.Current.CancellationToken);
        studio.Label(12);
        var rows = LabelRow.Of(studio.Work);
        var coded = rows.Select(r => r.Under("a key of a hospital"u8.ToArray())).ToArray();
        coded.ShouldAllBe(r => r.PatientId.Length == 32 && r.ImageId.Length == 32 && r.StudyId.Length == 32);
        coded.Select(r => r.PatientId).Distinct().Count().ShouldBe(rows.Select(r => r.PatientId).Distinct().Count());
        coded.Select(r => (r.Finding, r.First, r.Policy)).ShouldBe(rows.Select(r => (r.Finding, r.First, r.Policy)));
        rows[0].Under("a key of a hospital"u8.ToArray()).ShouldBe(coded[0]);
        rows[0].Under("another key"u8.ToArray()).PatientId.ShouldNotBe(coded[0].PatientId);
        LabelTable.WriteCsv(coded, studio.File("coded.csv"));
        var text = await File.ReadAllTextAsync(studio.File("coded.csv"), TestContext.Current.CancellationToken);
        foreach (var id in rows.SelectMany(r => (string[])[r.PatientId, r.ImageId])) text.ShouldNotContain($"{id},");
    }

    [Fact]
    public async Task The_card_is_filled_from_the_project_and_says_synthetic()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(30);
        var card = ModelCard.Of(studio.Work);
        var items = card.Sections.SelectMany(s => s.Items).ToDictionary(i => i.Name, i => i.Text);
        items["Radiographs"].ShouldContain("synthetic");
        items["The last event's code"].ShouldBe(studio.Work.Project.Head);
        items["AUC on the reserve"].ShouldStartWith("n/a:");
        items["Operating point"].ShouldStartWith("uncalibrated");
    }

    [Fact]
    public async Task Maps_of_an_exported_classifier_add_up_to_its_own_probability()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(40);
        var path = studio.File("edema.onnx");
        ClassifierExport.Write(studio.Work, SmallStudio.Finding, path);
        var pictures = Enumerable.Range(0, 3).Select(i => Testing.Pictures.WriteGrey(
            studio.File($"picture{i}.png"), 64, 80, (x, y) => (byte)(80 + (x * 7 + y * 3 + i * 40) % 90))).ToArray();
        using IRadiographModel model = OnnxRadiographModel.Open(path);
        var predictions = Predictions.Run(model, pictures, judgeAll: true, cancellation: Cancellation);
        ClassMapFolder.Write(path, predictions.Paths, model.Pipeline(), studio.File("maps"), cancellation: Cancellation).ShouldBe(3);
        var rows = (await System.IO.File.ReadAllLinesAsync(studio.File("maps/maps.csv"), Cancellation)).Skip(1).Select(l => l.Split(',')).ToArray();
        for (int i = 0; i < rows.Length; i++)
        {
            double logit = double.Parse(rows[i][3], System.Globalization.CultureInfo.InvariantCulture);
            (1 / (1 + Math.Exp(-logit))).ShouldBe(predictions.Probabilities[i][0], 1e-4);
            System.IO.File.Exists(studio.File($"maps/{rows[i][2]}")).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_map_adds_up_to_the_logit_of_its_head()
    {
        await using var studio = await SmallStudio.OpenAsync(Cancellation);
        studio.Label(40);
        var picture = studio.Work.Project.Events.First(e => e.Kind == Studio.Projects.EventKind.Label).Picture;
        var map = studio.Work.Map(SmallStudio.Finding, picture)!;
        (map.Height, map.Width).ShouldBe((8, 8));
        double probability = studio.Work.Session.Head(SmallStudio.Finding)!.Probability(studio.Work.Pool.RowOf(picture));
        (1 / (1 + Math.Exp(-map.Logit))).ShouldBe(probability, 1e-5);
    }
}
