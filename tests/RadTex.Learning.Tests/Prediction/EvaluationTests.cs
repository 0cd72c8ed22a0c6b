using System.Text.Json;
using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Prediction.Evaluation;
using RadTex.Prediction.Onnx;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Tables;

namespace RadTex.Learning.Tests.Prediction;

/// <summary>A classifier on labelled radiographs: the figures of transfer, the same from a dataset and a table, and nothing on what it saw.</summary>
[Collection(nameof(SerialTorch))]
public sealed class EvaluationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;
    private readonly EncoderSource encoder;
    private readonly TransferResult transfer;

    public EvaluationTests()
    {
        dataset = PreparedDataset.Open(WriteDataset(folder.File("dataset")));
        using (var made = TinyTransfer.Encoder(0)) EncoderFolder.Write(folder.File("encoder"), made.Encoder, made.Card, SeenRadiographs.Nothing);
        encoder = EncoderSource.Open(folder.File("encoder"), 0, TinyTransfer.Side);
        var plan = new TransferPlan([TinyTransfer.Stripes, TinyTransfer.Grade], [60], 1, [HeadKind.Logistic], Seed: 3);
        transfer = FrozenTransfer.Run(new(encoder, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("heads")));
    }

    public void Dispose()
    {
        encoder.Dispose();
        dataset.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_datasets_test_split_gives_transfers_auc_to_the_bit_and_a_table_of_its_pictures_the_same_figures()
    {
        using var model = Torch();
        var (fromDataset, fromTable) = (Evaluate(model, Split.Test), EvaluateTable(model, WriteTable("table.csv", Split.Test)));
        var stripes = fromDataset.Questions[0];
        stripes.Name.ShouldBe("Stripes");
        stripes.Figures.Auc.Estimate.ShouldBe(transfer.Trials.Single(t => t.Task == "Stripes").Scores.Auc);
        stripes.Figures.AveragePrecision.Estimate.ShouldBe(transfer.Trials.Single(t => t.Task == "Stripes").Scores.AveragePrecision);
        stripes.Threshold.ShouldBe(transfer.Trials.Single(t => t.Task == "Stripes").Threshold);
        stripes.Figures.OperatingPoint!.Threshold.ShouldBe(stripes.Threshold!.Probability);
        // Grades are questions of their cuts; their mean is the ordinal AUC.
        fromDataset.Questions.Skip(1).Select(q => q.Name).ShouldBe(["Grade ≥ 1", "Grade ≥ 2"]);
        fromDataset.Questions.Skip(1).Average(q =>
            q.Figures.Auc.Estimate!.Value).ShouldBe(transfer.Trials.Single(t => t.Task == "Grade").Scores.Auc!.Value, 0.01);

        JsonSerializer.Serialize(fromTable.Questions.Select(q => q.Figures))
            .ShouldBe(JsonSerializer.Serialize(fromDataset.Questions.Select(q => q.Figures)));
        fromTable.Questions[0].Subgroups.Select(s =>
            $"{s.By}: {s.Group}").ShouldBe(["sex: female", "sex: male", "age: 40 to 64 years", "age: below 40 years"]);
        fromTable.Questions[0].Subgroups.Take(2).Sum(s => s.Figures.Examples).ShouldBe(stripes.Figures.Examples);

        using var onnx = InMemoryModel.Of(encoder, TrainedHead.Read(folder.File("heads"), encoder.Card.WeightsSha256, []));
        Evaluate(onnx, Split.Test).Questions[0].Figures.Brier.Estimate!.Value.ShouldBe(stripes.Figures.Brier.Estimate!.Value, 1e-5);
    }

    [Fact]
    public void What_the_heads_or_the_encoder_learnt_from_is_refused_from_a_dataset_and_from_files()
    {
        using var model = Torch();
        Should.Throw<UserErrorException>(() => Evaluate(model, Split.Train)).Message.ShouldContain("of the test patients (labels)");
        // Under other patients' names the pictures are known again.
        var table = WriteTable("renamed.csv", Split.Train, patient: r => "other" + r.PatientId);
        Should.Throw<UserErrorException>(() => EvaluateTable(model, table)).Message.ShouldContain("of the test pictures (labels)");
        // An exported model knows it too.
        ModelExport.Run(encoder, TrainedHead.Read(folder.File("heads"), encoder.Card.WeightsSha256, []), folder.File("m.onnx"));
        using var exported = OnnxRadiographModel.Open(folder.File("m.onnx"));
        Should.Throw<UserErrorException>(() => Evaluate(exported, Split.Train)).Message.ShouldContain("Every figure would be void");
        using (var forgetful = EncoderSource.Open(folder.File("encoder"), 0, TinyTransfer.Side))
        {
            forgetful.ForgetPatients();
            ModelExport.Run(forgetful,
                [.. TrainedHead.Read(folder.File("heads"), encoder.Card.WeightsSha256, []).Select(h => h with { Seen = h.Seen!.WithoutPatients() })],
                folder.File("f.onnx"));
        }
        using (var forgot = OnnxRadiographModel.Open(folder.File("f.onnx"))) forgot.Notes.Seen.Parts.ShouldAllBe(p =>
            p.PatientHashes.Length == 0 && p.PictureHashes.Length > 0);
        var evaluation = Evaluate(exported, Split.Test);
        evaluation.Seen.ShouldContain("saw none of the 20 test patients");
        evaluation.Questions[0].Threshold.ShouldBe(transfer.Trials.Single(t => t.Task == "Stripes").Threshold);
    }

    [Fact]
    public void Pictures_that_cannot_be_judged_are_left_out_and_told_by_label()
    {
        using var model = Torch();
        var table = WriteTable("table.csv", Split.Test);
        var broken = File.ReadAllLines(table).Skip(1).Select(l => l.Split(',')).First(cells => cells[2].Length > 0);
        File.WriteAllText(folder.File(broken[0]), "no picture");
        var evaluation = EvaluateTable(model, table);
        int label = int.Parse(broken[2], System.Globalization.CultureInfo.InvariantCulture);
        evaluation.Questions[0].NotJudged.ShouldBe(label == 1 ? [0, 1] : [1, 0]);
        evaluation.NotJudged.Values.Sum().ShouldBe(1);
        evaluation.NotJudgedPictures.ShouldHaveSingleItem().ShouldContain(broken[0]);
    }

    [Fact]
    public void Predictive_values_are_those_of_the_prevalence_asked_for()
    {
        using var model = Torch();
        var at = Evaluate(model, Split.Test, new(Prevalence: 0.05, JudgeAll: true)).Questions[0].Figures.OperatingPoint!;
        double se = at.Sensitivity.Estimate!.Value, sp = at.Specificity.Estimate!.Value;
        at.Prevalence.ShouldBe(0.05);
        at.PositivePredictiveValue.Estimate!.Value.ShouldBe(0.05 * se / (0.05 * se + 0.95 * (1 - sp)), 1e-12);
        at.NegativePredictiveValue.Estimate!.Value.ShouldBe(0.95 * sp / (0.95 * sp + 0.05 * (1 - se)), 1e-12);
        Should.Throw<UserErrorException>(() => Evaluate(model, Split.Test, new(Prevalence: 5))).Message.ShouldContain("such as 0.05");
    }

    [Fact]
    public void Labels_can_have_other_names_and_a_missing_one_is_said()
    {
        using var model = Torch();
        var table = WriteTable("table.csv", Split.Test, header: "path,patient_id,Bars,Grade,sex,age");
        using (var named = new TablePictures(table, new TableColumns(Labels: ["Bars"])))
            ModelEvaluation.Run(model, "model", "", named, new(JudgeAll: true, Columns: new Dictionary<string, string> { ["stripes"] = "Bars" }))
                .Questions.ShouldHaveSingleItem().Column.ShouldBe("Bars");
        EvaluateTable(model, table).Notes.ShouldContain(n => n.StartsWith("Stripes: n/a", StringComparison.Ordinal));
        using var pictures = new TablePictures(table, new TableColumns(Labels: ["Bars"]));
        Should.Throw<UserErrorException>(() =>
            ModelEvaluation.Run(model, "model", "", pictures, new())).Message.ShouldContain("has no label that the model tells");
        Should.Throw<UserErrorException>(() =>
            ModelEvaluation.Run(model, "model", "", pictures, new(JudgeAll: true, Columns: new Dictionary<string, string> { ["Gout"] = "Bars" })))
            .Message.ShouldContain("no output 'Gout'");
    }

    [Fact]
    public void The_page_says_what_the_figures_allow_first_and_the_terminal_fits_80_columns()
    {
        using var model = Torch();
        var evaluation = Evaluate(model, Split.Test);
        Directory.CreateDirectory(folder.File("out"));
        evaluation.Write(folder.File("out"));
        var json = JsonDocument.Parse(File.ReadAllText(folder.File("out/evaluation.json"))).RootElement;
        json.GetProperty("questions")[0].GetProperty("figures").GetProperty("auc").GetProperty("lower").ValueKind.ShouldBe(JsonValueKind.Number);
        var html = EvaluationPage.Render(evaluation).ToHtml();
        html.IndexOf("In short", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("<table", StringComparison.Ordinal));
        html.ShouldContain("SYNTHETIC");
        html.ShouldNotContain("<script");
        html.ShouldContain("ROC curve.");
        EvaluationWords.Lines(evaluation).ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public void A_recalibrated_model_says_what_local_labels_say_keeps_its_parent_and_refuses_them_afterwards()
    {
        var heads = TrainedHead.Read(folder.File("heads"), encoder.Card.WeightsSha256, []);
        ModelExport.Run(encoder, heads, folder.File("m.onnx"));
        using var model = OnnxRadiographModel.Open(folder.File("m.onnx"));
        using var validation = new DatasetPictures(folder.File("dataset"), Split.Validate);
        var label = KeyValuePair.Create("Stripes", "Stripes");
        var done = ModelRecalibration.Fit(
            model, "m.onnx", ModelEvaluation.HashOf(folder.File("m.onnx"), null), validation, new(label, JudgeAll: true));
        done.Change.Rule.ShouldStartWith("intercept alone"); // 35 labels
        RecalibratedModel.Write(folder.File("m.onnx"), folder.File("r.onnx"), done.Column, done.Change, done.Threshold, done.Seen);
        using (var recalibrated = OnnxRadiographModel.Open(folder.File("r.onnx")))
        {
            var output = recalibrated.Notes.Outputs[0];
            output.Recalibrations.ShouldHaveSingleItem().ParentSha256.ShouldBe(FileHash.Sha256(folder.File("m.onnx")));
            var (before, after) = (Evaluate(model, Split.Test).Questions[0], Evaluate(recalibrated, Split.Test).Questions[0]);
            after.Figures.Auc.Estimate.ShouldBe(before.Figures.Auc.Estimate);
            // The threshold went along: the decisions are those of before.
            after.Figures.OperatingPoint!.Counts.ShouldBe(before.Figures.OperatingPoint!.Counts);
            (after.Figures.CalibrationInTheLarge.Estimate!.Value + done.Change.Intercept)
                .ShouldBe(before.Figures.CalibrationInTheLarge.Estimate!.Value, 1e-3);
            Should.Throw<UserErrorException>(() => Evaluate(recalibrated, Split.Validate)).Message.ShouldContain("(recalibration)");
            Evaluate(model, Split.Validate).ShouldNotBeNull();
        }

        RecalibratedHeads.Write(folder.File("heads"), folder.File("heads2"), done.Head, done.Change, done.Threshold, done.Seen);
        var head = TrainedHead.Read(folder.File("heads2"), encoder.Card.WeightsSha256, []).ShouldHaveSingleItem();
        head.Recalibrations.ShouldHaveSingleItem().ShouldBe(done.Change);
        using var folded = new TorchRadiographModel(new(encoder, new(Precision.Fp32)), encoder, [head]);
        using var nodes = OnnxRadiographModel.Open(folder.File("r.onnx"));
        Evaluate(folded, Split.Test)
            .Questions[0].Figures.Brier.Estimate!.Value.ShouldBe(Evaluate(nodes, Split.Test).Questions[0].Figures.Brier.Estimate!.Value, 1e-5);
        Should.Throw<UserErrorException>(() => Evaluate(folded, Split.Validate)).Message.ShouldContain("(recalibration)");
        Should.Throw<UserErrorException>(() =>
            ModelRecalibration.Fit(model, "m.onnx", "", validation, new(KeyValuePair.Create("Grade", "Grade"), JudgeAll: true))).Message
                .ShouldContain("grades");
    }

    private TorchRadiographModel Torch() =>
        new(new(encoder, new(Precision.Fp32)), encoder, TrainedHead.Read(folder.File("heads"), encoder.Card.WeightsSha256, []));

    private ModelEvaluation Evaluate(IRadiographModel model, Split split, EvaluationOptions? options = null)
    {
        using var pictures = new DatasetPictures(folder.File("dataset"), split);
        return ModelEvaluation.Run(model, "model", "", pictures, options ?? new EvaluationOptions(Resamples: 200, BatchSize: 32, JudgeAll: true));
    }

    private static ModelEvaluation EvaluateTable(TorchRadiographModel model, string table)
    {
        using var pictures = TablePictures.Open(table, new(), model.Notes);
        return ModelEvaluation.Run(model, "model", "", pictures, new(Resamples: 200, BatchSize: 32, GroupTable: table, JudgeAll: true));
    }

    // As TinyTransfer's, but that one label in five is wrong: an AUC of 1 would test little.
    private static string WriteDataset(string folder)
    {
        var writer = new PreparedDatasetWriter(["Stripes", "Grade"], TinyTransfer.Side) { Synthetic = true };
        for (int i = 0; i < 200; i++)
        {
            var random = new CounterRandom(5, (ulong)i);
            int stripes = random.Below(2), grade = random.Below(3), label = random.Below(5) == 0 ? 1 - stripes : stripes;
            byte[] pixels = [.. Enumerable.Range(0, TinyTransfer.Side * TinyTransfer.Side).Select(p =>
                (byte)(60 + p / TinyTransfer.Side / 4 % 2 * 60 * stripes + p % TinyTransfer.Side / 8 % 2 * 30 * grade + random.Below(30)))];
            var split = (i / 2 % 5) switch { 3 => Split.Validate, 4 => Split.Test, _ => Split.Train };
            writer.Add(
                new($"image{i}", $"patient{i / 2}", $"study{i}", "PA", split, null, [i % 9 == 8 ? null : label, grade]), pixels, TinyTransfer.Side,
                TinyTransfer.Side);
        }
        writer.Write(folder);
        return folder;
    }

    // The dataset's own pixels as PNGs; the table stands beside them.
    private string WriteTable(
        string name, Split split, Func<PreparedRadiograph, string>? patient = null, string header = "path,patient_id,Stripes,Grade,sex,age")
    {
        var lines = new List<string> { header };
        foreach (int i in dataset.IndicesOf(split))
        {
            var (row, pixels) = (dataset[i], dataset.Pixels(i).ToArray());
            Pictures.WriteGrey(folder.File($"{row.ImageId}.png"), row.Width, row.Height, (x, y) => pixels[y * row.Width + x]);
            string who = patient?.Invoke(row) ?? row.PatientId, sex = i % 2 == 0 ? "F" : "M";
            lines.Add($"{row.ImageId}.png,{who},{row.Labels[0]},{row.Labels[1]},{sex},{(i % 3 == 0 ? 30 : 50)}");
        }
        File.WriteAllLines(folder.File(name), lines);
        return folder.File(name);
    }
}
