using CsCheck;
using RadTex.Studies;

namespace RadTex.Tests.Studies;

public sealed class PatientSplitsTests
{
    /// <summary>From Python: int.from_bytes(hashlib.sha256(f"{seed}\n{patient}".encode()).digest()[:8]) / 2**64.</summary>
    [Theory]
    [InlineData("10000032", 0, 0.6802382890361058)]
    [InlineData("10000032", 1, 0.038764961525455485)]
    [InlineData("150", 0, 0.18764651016245323)]
    [InlineData("pätient", -7, 0.2768218840187889)]
    public void Place_of_a_patient_is_that_of_an_independent_computation(string patient, int seed, double place)
    {
        // A boundary just above the patient's place puts it into training, one just below does not.
        PatientSplits.Assign(patient, seed, new SplitFractions(place + 1e-9, 1 - place - 1e-9, 0)).ShouldBe(Split.Train);
        PatientSplits.Assign(patient, seed, new SplitFractions(place - 1e-9, 1 - place + 1e-9, 0)).ShouldBe(Split.Validate);
        PatientSplits.Assign(patient, seed, new SplitFractions(place / 2 - 1e-9, place / 2, 1 - place)).ShouldBe(Split.Test);
    }

    [Fact]
    public void Many_patients_fall_as_the_fractions_say()
    {
        var splits = Enumerable.Range(0, 20_000).Select(i => PatientSplits.Assign($"p{i}", 3, new SplitFractions(0.7, 0.1, 0.2))).CountBy(s => s)
            .ToDictionary();

        splits[Split.Train].ShouldBeInRange(13_700, 14_300); // 5 standard deviations are 324
        splits[Split.Validate].ShouldBeInRange(1_800, 2_200);
        splits[Split.Test].ShouldBeInRange(3_700, 4_300);
    }

    [Fact]
    public void Random_patients_are_never_shared_between_splits()
    {
        var radiographs = Gen.Select(Gen.String[1, 6], Gen.Int[0, 3]).Array[1, 60];
        Gen.Select(radiographs, Gen.Int, Gen.Double[0.1, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((patients, seed, a, b, c) =>
        {
            double sum = a + b + c;
            var fractions = new SplitFractions(a / sum, b / sum, c / sum);
            var rows = patients.Select(p => (p.Item1, PatientSplits.Assign(p.Item1, seed, fractions)));
            return PatientSplits.Shared(rows) == 0;
        });
    }

    [Fact]
    public void Patients_in_two_splits_are_counted_once_each() =>
        PatientSplits.Shared(
            [("a", Split.Train), ("b", Split.Test), ("a", Split.Test), ("a", Split.Validate), ("b", Split.Test), ("c", Split.Train),
                ("c", Split.Validate)])
            .ShouldBe(2);

    [Theory]
    [InlineData("80,10,10", 0.8, 0.1, 0.1)]
    [InlineData("1,0,0", 1, 0, 0)]
    [InlineData("0.5,0.25,0.25", 0.5, 0.25, 0.25)]
    public void Fractions_are_scaled_to_one(string text, double train, double validate, double test) =>
        SplitFractions.Parse(text).ShouldBe(new SplitFractions(train, validate, test));

    [Theory]
    [InlineData("0.8,0.2")]
    [InlineData("0,0.5,0.5")]
    [InlineData("0.8,-0.1,0.3")]
    [InlineData("a,b,c")]
    [InlineData("0.5,0.5,0.5")]
    [InlineData("8,1,1")]
    public void Fractions_that_are_none_are_refused(string text) =>
        Should.Throw<UserErrorException>(() => SplitFractions.Parse(text)).Message.ShouldContain(text);
}
