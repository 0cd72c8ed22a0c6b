using System.Text.Json.Nodes;
using RadTex.Gating;
using RadTex.Imaging;
using RadTex.Inspection;

namespace RadTex.Phantoms.Tests;

public sealed class RadiographGateTests : IDisposable
{
    private const string Weights = "abc";

    private static readonly Lazy<TrainingLikeness> Learnt = new(() => TrainingLikeness.Learn(ToyPictures.Sample(400, 5), "400 phantoms", Weights)!);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Phantoms_of_other_patients_pass_but_for_one_in_a_hundred()
    {
        var gate = new RadiographGate(Learnt.Value);

        Refusal?[] refusals = [.. ToyPictures.Phantoms(300, 6).Select(p => Judge(gate, p.Pixels, p.Height, p.Width))];

        refusals.Count(r => r is not null).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void Negatives_laterals_turned_and_foreign_pictures_are_refused_by_their_rule()
    {
        var gate = new RadiographGate(Learnt.Value);
        var phantoms = ToyPictures.Phantoms(40, 7).ToArray();
        const int Side = ToyPictures.Side;
        GateRule?[] Rules(IEnumerable<(byte[] Pixels, int Height, int Width)> pictures) =>
            [.. pictures.Select(p => Judge(gate, p.Pixels, p.Height, p.Width)?.Rule)];
        (byte[], int, int)[] Toys(Func<int, byte[]> make) => [.. Enumerable.Range(0, 20).Select(i => (make(i), Side, Side))];

        var (negatives, onTheirHeads) = (phantoms.Select(p => (ToyPictures.Inverted(p.Pixels), p.Height, p.Width)),
            phantoms.Select(p => ((byte[])[.. p.Pixels.Reverse()], p.Height, p.Width)));
        Rules(negatives).Count(r => r == GateRule.Inverted).ShouldBeGreaterThanOrEqualTo(39);
        Rules(onTheirHeads).Count(r => r != null).ShouldBeGreaterThanOrEqualTo(38);
        var laterals = Rules(Toys(i => ToyPictures.Lateral(i, i % 2 == 0)));
        laterals.ShouldAllBe(r => r == GateRule.Lateral || r == GateRule.Unlike);
        laterals.ShouldContain(GateRule.Lateral);
        Func<int, byte[]>[] foreign = [ToyPictures.Noise, ToyPictures.Page, ToyPictures.Hand];
        foreach (var make in foreign) Rules(Toys(make)).ShouldAllBe(r => r != null);
        Rules(Toys(ToyPictures.Noise)).ShouldContain(GateRule.Unlike);
        Rules(Toys(_ => [.. Enumerable.Range(0, Side * Side).Select(p => (byte)(100 + p % 3))])).ShouldAllBe(r => r == GateRule.Blank);
    }

    [Fact]
    public void Without_training_radiographs_header_blank_and_negative_are_still_told()
    {
        var gate = new RadiographGate(null);
        var (pixels, height, width, _) = ToyPictures.Phantoms(1, 8).Single();

        gate.Look(pixels, height, width, new()).Refusal.ShouldBeNull();
        gate.Look(pixels, height, width, new("LL")).Refusal!.Rule.ShouldBe(GateRule.View);
        gate.Check(gate.Look(ToyPictures.Noise(1), ToyPictures.Side, ToyPictures.Side, new()), []).ShouldBeNull(); // nothing to compare with
        gate.Card.ShouldBeNull();
        var negatives = ToyPictures.Phantoms(40, 8).Select(p => gate.Look(ToyPictures.Inverted(p.Pixels), p.Height, p.Width, new()).Refusal);
        negatives.Count(r => r?.Rule == GateRule.Inverted).ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Header_of_a_dicom_file_reaches_the_gate()
    {
        var gate = new RadiographGate(null);
        var document = DicomDocument.Radiograph(64, 64, (x, y) => 100 + 40 * x + y).Text(0x0018_0015, "CS", "HAND").Text(0x0018_5101, "CS", "PA");
        var region = new DicomDocument().Text(0x0008_0104, "LO", "Knee");

        gate.Look(Read(document)).Refusal!.ToString().ShouldBe("not judged: its header states body part HAND, not the chest");
        gate.Look(Read(document.Without(0x0018_0015).Sequence(0x0008_2218, region))).Refusal!.Rule.ShouldBe(GateRule.BodyPart);
        var fault = Should.Throw<ImageFaultException>(() => Read(document.Text(0x0008_0060, "CS", "MR")));
        RadiographGate.Of(fault.Fault, fault.Message).ShouldBe(new Refusal(GateRule.Modality, "its header states modality MR; expected CR, DX, DR"));
        RadiographGate.Of(ImageFault.Unreadable, "damaged").ShouldBeNull();

        GreyImage Read(DicomDocument written) => new GreyImageReader(64).Read(written.Write(folder.File("d.dcm")));
    }

    [Fact]
    public void With_stored_polarity_a_negative_is_no_fault()
    {
        var (pixels, height, width, _) = ToyPictures.Phantoms(1, 9).Single();

        var gate = new RadiographGate(Learnt.Value, ImageIntensity.Liao);

        gate.Look(ToyPictures.Inverted(pixels), height, width, new()).Refusal?.Rule.ShouldNotBe(GateRule.Inverted);
    }

    [Fact]
    public void Too_few_radiographs_or_patients_teach_nothing()
    {
        var sample = ToyPictures.Sample(100, 10);

        TrainingLikeness.Learn(sample.Select([.. Enumerable.Range(0, 99)]), "99", Weights).ShouldBeNull();
        TrainingLikeness.Learn(sample with { Patients = [.. sample.Patients.Select((_, i) => $"p{i % 19}")] }, "19 patients", Weights).ShouldBeNull();
        var learnt = TrainingLikeness.Learn(sample, "100", Weights)!;
        learnt.Card.ShouldBe(learnt.Card with
        {
            Radiographs = 100,
            Patients = 100,
            Features = ToyPictures.FeatureWidth,
            Source = "100",
            WeightsSha256 = Weights,
        });
        learnt.Card.Threshold.ShouldBeGreaterThan(Learnt.Value.Card.Threshold); // few radiographs, a wider bound
    }

    [Fact]
    public void Admitting_radiographs_widens_the_threshold_to_the_farthest_of_them()
    {
        var noise = ToyPictures.Noise(3);
        var shape = PictureShape.Of(noise, ToyPictures.Side, ToyPictures.Side);
        var strange = new LikenessSample(ToyPictures.FeatureWidth, ToyPictures.Features(noise, ToyPictures.Side), [shape], ["x"]);

        var admitting = Learnt.Value.Admitting(strange, "one of noise");

        admitting.Card.Threshold.ShouldBe(Learnt.Value.Distance(strange.Shapes[0], strange.Row(0)));
        admitting.Card.Source.ShouldBe("400 phantoms, and one of noise");
        Learnt.Value.Admitting(ToyPictures.Sample(1, 11), "one").Card.Threshold.ShouldBe(Learnt.Value.Card.Threshold);
    }

    [Fact]
    public void Features_that_are_off_rescale_the_threshold_by_the_distances_they_give()
    {
        var sample = ToyPictures.Sample(120, 9);
        var off = sample with { Features = [.. sample.Features.Select((f, i) => f + 0.3f * (i % 3 - 1))] };

        var rescaled = Learnt.Value.Rescaled(sample, off, "int8");

        double Farthest(LikenessSample s) => Enumerable.Range(0, s.Count).Max(i => Learnt.Value.Distance(s.Shapes[i], s.Row(i)));
        (rescaled.Card.Threshold / Learnt.Value.Card.Threshold)
            .ShouldBeInRange(0.95 * Farthest(off) / Farthest(sample), 1.05 * Farthest(off) / Farthest(sample));
        rescaled.Card.Threshold.ShouldNotBe(Learnt.Value.Card.Threshold);
        rescaled.Card.Source.ShouldEndWith("the threshold rescaled to the int8 features of 120 radiographs");
        Learnt.Value.Rescaled(sample, sample, "int8").Card.Threshold.ShouldBe(Learnt.Value.Card.Threshold, 1e-12);
    }

    [Fact]
    public void File_gives_the_same_distances_back_and_is_small()
    {
        LikenessFile.Write(folder.Path, Learnt.Value);

        var read = LikenessFile.Read(folder.Path, Weights)!;

        read.Card.ShouldBe(Learnt.Value.Card);
        var (pixels, height, width, _) = ToyPictures.Phantoms(1, 12).Single();
        var shape = PictureShape.Of(pixels, height, width);
        read.Distance(shape, ToyPictures.Features(pixels, width)).ShouldBe(Learnt.Value.Distance(shape, ToyPictures.Features(pixels, width)));
        new FileInfo(folder.File(LikenessFile.Name)).Length.ShouldBeLessThan(200_000);
        LikenessFile.Write(folder.Path, null);
        LikenessFile.Read(folder.Path, Weights).ShouldBeNull();
    }

    [Fact]
    public void Damaged_or_foreign_file_is_refused_in_one_line()
    {
        var text = LikenessFile.ToText(Learnt.Value);
        string Refused(string changed, string weights = Weights) =>
            Should.Throw<UserErrorException>(() => LikenessFile.Parse(changed, "likeness.json", weights)).Message;
        string Altered(Action<JsonObject> change)
        {
            var json = JsonNode.Parse(text)!.AsObject();
            change(json);
            return json.ToJsonString();
        }

        Refused(text, "other").ShouldContain("training radiographs of another encoder, with weights abc; these are other");
        Refused(text[..200]).ShouldStartWith("likeness.json does not describe a model's training radiographs:");
        Refused("{}").ShouldContain("it has no card");
        Refused(Altered(j => j["basis"] = "AAAA")).ShouldContain("an array is cut off");
        Refused(Altered(j => j["variances"] = "AAAAAA==")).ShouldContain("its arrays do not fit each other");
        Refused(Altered(j => j["shape_basis"] = "")).ShouldContain("its arrays do not fit each other");
        Refused(Altered(j => j["means"] = "?")).ShouldStartWith("likeness.json does not describe");
        Refused(Altered(j => j["card"]!["features"] = 1 << 20)).ShouldContain("1048576 features");
    }

    private static Refusal? Judge(RadiographGate gate, byte[] pixels, int height, int width) =>
        gate.Check(gate.Look(pixels, height, width, new()), ToyPictures.Features(pixels, width));
}
