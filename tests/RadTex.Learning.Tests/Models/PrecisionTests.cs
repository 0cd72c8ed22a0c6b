using System.Text.Json;
using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

public sealed class PrecisionTests
{
    [Fact]
    public void Every_precision_is_read_from_its_name_and_written_as_it()
    {
        foreach (var precision in Enum.GetValues<Precision>())
        {
            Precisions.Parse(precision.Name()).ShouldBe(precision);
            JsonSerializer.Serialize(precision).ShouldBe($"\"{precision.Name()}\"");
            JsonSerializer.Deserialize<Precision>($"\"{precision.Name()}\"").ShouldBe(precision);
        }
    }

    [Fact]
    public void Unknown_precision_is_refused_with_those_there_are() =>
        Should.Throw<UserErrorException>(() => Precisions.Parse("half")).Message
            .ShouldBe("Precision 'half' is not known. Expected auto, bf16, fp32, tf32, fp64.");

    [Fact]
    public void A_number_is_no_precision() => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Precision>("1"));

    [Fact]
    public void Auto_alone_depends_on_the_device()
    {
        Precision.Fp32.On(CPU).ShouldBe(Precision.Fp32);
        Precision.Auto.On(CPU).ShouldBeOneOf(Precision.Bf16, Precision.Fp32);
        Precision.Auto.TypeOn(CPU).ShouldBeOneOf(ScalarType.BFloat16, ScalarType.Float32);
        Precision.Tf32.TypeOn(CPU).ShouldBe(ScalarType.Float32);
    }
}
