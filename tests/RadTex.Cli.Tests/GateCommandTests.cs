using System.Text.Json;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Pretraining;
using RadTex.Phantoms.Tests;
using RadTex.Preparing;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Cli.Tests;

/// <summary>The gate as a user of <c>radtex predict</c> and <c>radtex read</c> meets it, with what transfer learnt of the radiographs.</summary>
public sealed class GateCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Predict_refuses_what_transfer_did_not_learn_from_and_an_exported_model_the_same()
    {
        var (encoder, heads) = Classifier(340);
        var likeness = LikenessFile.Read(heads, EncoderFolder.Read(encoder).Card.WeightsSha256)!;
        likeness.Card.Radiographs.ShouldBe(255); // the training split
        JsonDocument.Parse(File.ReadAllText(Path.Combine(heads, "metrics.json"))).RootElement.GetProperty("notes").EnumerateArray()
            .ShouldContain(
                n => n.GetString()!.Contains("from those of training: 255 synthetic radiographs of the dataset", StringComparison.Ordinal));
        var pictures = Pictures();

        var result = RadTexProcess.Run("predict", encoder, pictures, "--heads", heads, "--out", folder.File("p.csv"));

        result.ExitCode.ShouldBe(0, result.Error);
        var rows = Rows("p.csv");
        var gate = rows.ToDictionary(r => Path.GetFileName(r["path"]), r => r["gate"]);
        gate["chest.png"].ShouldBe("");
        gate["negative.png"].ShouldBe("inverted");
        gate["side.dcm"].ShouldBe("view");
        gate["hand.dcm"].ShouldBe("body_part");
        gate["mr.dcm"].ShouldBe("modality");
        gate["black.png"].ShouldBe("blank");
        // With an encoder of random weights and 255 radiographs not each of these is far enough.
        new[] { "noise.png", "page.png", "palm.png" }.Count(name => gate[name].Length > 0).ShouldBeGreaterThanOrEqualTo(2);
        foreach (var row in rows) (row["probability"].Length > 0).ShouldBe(row["gate"].Length == 0, row["path"]);
        rows.Single(r => r["gate"] == "view")["gate_reason"].ShouldBe("its header states view LL, which is not frontal");
        result.Error.ShouldContain("hand.dcm: not judged: its header states body part HAND, not the chest");
        result.Output.ShouldContain(" not judged (1 modality, 1 view, 1 body_part, 1 blank, 1 inverted");

        RadTexProcess.Run("export", encoder, "--heads", heads, "--out", folder.File("m.onnx")).ExitCode.ShouldBe(0);
        RadTexProcess.Run("predict", folder.File("m.onnx"), pictures, "--out", folder.File("exported.csv")).ExitCode.ShouldBe(0);
        Rows("exported.csv").Select(r => (r["path"], r["gate"])).ShouldBe(rows.Select(r => (r["path"], r["gate"])));
    }

    [Fact]
    public void Pictures_none_of_which_is_judged_are_one_line_and_exit_2_and_judge_all_marks_them()
    {
        var (encoder, heads) = Classifier(340);
        var pictures = Pictures();
        foreach (var name in new[] { "chest.png", "noise.png", "page.png", "palm.png" }) File.Delete(Path.Combine(pictures, name));

        var (exit, output, error) = RadTexProcess.Run("predict", encoder, pictures, "--heads", heads, "--out", folder.File("none.json"));

        exit.ShouldBe(2);
        error.Trim().Split('\n').Single(line => line.StartsWith("radtex: ", StringComparison.Ordinal))
            .ShouldContain("None of the 5 pictures is judged (1 modality, 1 view, 1 body_part, 1 blank, 1 inverted)");
        error.ShouldContain("--judge-all");
        JsonDocument.Parse(File.ReadAllText(folder.File("none.json"))).RootElement.GetProperty("pictures").EnumerateArray()
            .ShouldAllBe(p => p.GetProperty("probabilities").ValueKind == JsonValueKind.Null && p.GetProperty("gate").GetString()!.Length > 0);

        var all = RadTexProcess.Run("predict", encoder, pictures, "--heads", heads, "--judge-all", "--out", folder.File("all.csv"));
        all.ExitCode.ShouldBe(0, all.Error);
        var rows = Rows("all.csv");
        rows.Count(r => r["probability"].Length > 0).ShouldBe(4); // one grey gives a model nothing to look at
        rows.ShouldAllBe(r => r["gate"].Length > 0);
        all.Error.ShouldContain("hand.dcm: judged all the same: its header states body part HAND");
    }

    [Fact]
    public void Evaluate_leaves_refused_pictures_out_of_every_figure_and_counts_them_by_rule()
    {
        var (encoder, heads) = Classifier(340);
        var table = new List<string> { "image,patient_id,bright" };
        foreach (var (i, (pixels, height, width, patient)) in ToyPictures.Phantoms(12, 41).Index())
        {
            var values = i < 2 ? ToyPictures.Inverted(pixels) : pixels; // one of each label
            Testing.Pictures.WriteGrey(folder.File($"set/{i}.png"), width, height, (x, y) => values[y * width + x]);
            table.Add($"{i}.png,new{patient},{i % 2}");
        }
        File.WriteAllLines(folder.File("set/table.csv"), table);

        var result = RadTexProcess.Run(
            "evaluate", encoder, folder.File("set/table.csv"), "--heads", heads, "--patients-differ", "--out", folder.File("evaluation"));

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("left out: 2 radiographs, inverted");
        var json = JsonDocument.Parse(File.ReadAllText(folder.File("evaluation/evaluation.json"))).RootElement;
        json.GetProperty("not_judged").GetProperty("inverted").GetInt32().ShouldBe(2);
        json.GetProperty("questions")[0].GetProperty("not_judged").EnumerateArray().Select(n => n.GetInt32()).ShouldBe([1, 1]);
    }

    [Fact]
    public void Few_labels_borrow_the_encoders_own_radiographs_and_without_any_the_notes_say_so()
    {
        var (encoder, heads) = Classifier(60);
        LikenessFile.Read(heads, EncoderFolder.Read(encoder).Card.WeightsSha256).ShouldBeNull();
        File.ReadAllText(Path.Combine(heads, "metrics.json")).ShouldContain("radiographs are too few to tell what is unlike them (at least 100)");
        File.Exists(Path.Combine(encoder, LikenessFile.Name)).ShouldBeFalse();
        var weights = EncoderFolder.Read(encoder).Card.WeightsSha256;
        var own = ToyPictures.Sample(200, 3) with { Width = 64 };
        LikenessFile.Write(encoder, TrainingLikeness.Learn(own with { Features = [.. own.Features, .. own.Features] }, "200 phantoms", weights));

        Transfer(encoder, folder.File("dataset"), folder.File("borrowed"));

        var borrowed = LikenessFile.Read(folder.File("borrowed"), weights)!;
        borrowed.Card.Source.ShouldStartWith("200 phantoms, and 4");
        borrowed.Card.Threshold.ShouldBeGreaterThan(LikenessFile.Read(encoder, weights)!.Card.Threshold);
    }

    [Fact]
    public void Read_refuses_by_header_polarity_and_distance_and_marks_what_it_reads_all_the_same()
    {
        var run = TinyReader.Write(folder.File("run"));
        var pictures = Pictures();

        string[] files = ["--out", folder.File("r.csv"), "--out", folder.File("r.json"), "--out", folder.File("r.html")];
        var result = RadTexProcess.Run(["read", run, pictures, "--max-tokens", "4", .. files]);

        result.ExitCode.ShouldBe(0, result.Error);
        var gate = Rows("r.csv").ToDictionary(r => Path.GetFileName(r["image"]), r => r["gate"]);
        string[] names = ["side.dcm", "hand.dcm", "mr.dcm", "black.png", "negative.png", "chest.png"];
        names.Select(name => gate[name]).ShouldBe(["view", "body_part", "modality", "blank", "inverted", ""]);
        File.ReadAllText(folder.File("r.json")).ShouldContain("\"gate\": \"body_part\"");
        File.ReadAllText(folder.File("r.html")).ShouldContain("its header states view LL, which is not frontal");

        var hand = Path.Combine(pictures, "hand.dcm");
        var all = RadTexProcess.Run("read", run, hand, "--max-tokens", "4", "--judge-all", "--out", folder.File("a.csv"));
        all.ExitCode.ShouldBe(0, all.Error);
        Rows("a.csv").Single()["gate"].ShouldBe("body_part");
    }

    /// <summary>An encoder of random weights that has seen phantoms, and heads on them.</summary>
    private (string Encoder, string Heads) Classifier(int count)
    {
        string encoder = folder.File("encoder"), dataset = folder.File("dataset"), heads = folder.File("heads");
        var writer = new PreparedDatasetWriter(["bright"], ToyPictures.Side) { Synthetic = true };
        foreach (var (i, (pixels, height, width, patient)) in ToyPictures.Phantoms(count, 31).Index())
            writer.Add(new($"i{i}", patient, $"s{i}", "PA", i % 4 == 3 ? Split.Test : Split.Train, null, [i % 2]), pixels, height, width);
        writer.Write(dataset);
        using (var source = TinyEncoder.Make())
        {
            using (var opened = PreparedDataset.Open(dataset))
            using (var images = new RadiographBatches(opened, new(ToyPictures.Side)).CentreViews([.. Enumerable.Range(0, 32)]))
            using (no_grad())
            {
                source.Encoder.train();
                for (int i = 0; i < 30; i++) source.Encoder.forward(images).Dispose();
                source.Encoder.eval();
            }
            EncoderFolder.Write(encoder, source.Encoder, source.Card);
        }
        Transfer(encoder, dataset, heads);
        return (encoder, heads);
    }

    private static void Transfer(string encoder, string dataset, string heads)
    {
        var result = RadTexProcess.Run(
            "transfer", encoder, dataset, "--labels", "bright", "--examples", "all", "--trials", "1", "--head", "logistic", "--precision", "fp32",
            "--out", heads);
        result.ExitCode.ShouldBe(0, result.Error);
    }

    /// <summary>One radiograph, and eight pictures that are none.</summary>
    private string Pictures()
    {
        const int Side = ToyPictures.Side;
        var pictures = Directory.CreateDirectory(folder.File("pictures")).FullName;
        var (pixels, height, width, _) = ToyPictures.Phantoms(1, 32).Single();
        void Grey(string name, byte[] values, int rows, int columns) =>
            Testing.Pictures.WriteGrey(Path.Combine(pictures, name), columns, rows, (x, y) => values[y * columns + x]);
        Grey("chest.png", pixels, height, width);
        Grey("negative.png", ToyPictures.Inverted(pixels), height, width);
        Grey("noise.png", ToyPictures.Noise(1), Side, Side);
        Grey("page.png", ToyPictures.Page(1), Side, Side);
        Grey("palm.png", ToyPictures.Hand(1), Side, Side);
        Grey("black.png", new byte[Side * Side], Side, Side);
        DicomDocument Chest() => DicomDocument.Radiograph(width, height, (x, y) => 16 * pixels[y * width + x]);
        Chest().Text(0x0018_5101, "CS", "LL").Write(Path.Combine(pictures, "side.dcm"));
        Chest().Text(0x0018_0015, "CS", "HAND").Write(Path.Combine(pictures, "hand.dcm"));
        Chest().Text(0x0008_0060, "CS", "MR").Write(Path.Combine(pictures, "mr.dcm"));
        return pictures;
    }

    private Dictionary<string, string>[] Rows(string name)
    {
        var lines = File.ReadAllLines(folder.File(name));
        string[] columns = lines[0].Split(',');
        return [.. lines[1..].Select(Fields).Select(fields => columns.Zip(fields).ToDictionary(c => c.First, c => c.Second))];
    }

    // Reasons hold commas, in quotes.
    private static string[] Fields(string line)
    {
        var fields = new List<string> { "" };
        bool quoted = false;
        foreach (char c in line)
        {
            if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) fields.Add("");
            else fields[^1] += c;
        }
        return [.. fields];
    }
}
