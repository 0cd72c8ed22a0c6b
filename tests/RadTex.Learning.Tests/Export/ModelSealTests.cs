using System.Text;
using Google.Protobuf;
using RadTex.Files;
using RadTex.Learning.Export;
using RadTex.Prediction.Onnx;

namespace RadTex.Learning.Tests.Export;

/// <summary>
/// A model file that is damaged, altered or cut off is refused in one line; none is believed before its hash and its self-test are.
/// </summary>
public sealed class ModelSealTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public ModelSealTests()
    {
        path = folder.File("m.onnx");
        using var source = TinyEncoder.Make();
        ModelExport.Run(source, TinyEncoder.Heads(source.Encoder.FeatureWidth), path);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Model_as_exported_opens_and_states_its_files_hash()
    {
        using var model = OnnxModel.Open(path);
        model.Sha256.ShouldBe(FileHash.Sha256(path));
        ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).MetadataProps.Count(p => p.Key == ModelSeal.Key).ShouldBe(1);
    }

    [Theory]
    [InlineData("MONOCHROME2", "MONOCHROME1")]
    [InlineData("\"image_size\":64", "\"image_size\":96")]
    [InlineData("display", "dispose")]
    [InlineData("Edema", "Adema")]
    [InlineData("radtex.self_test", "radtex.self_tess")]
    public void Altered_metadata_is_refused(string was, string becomes)
    {
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(File.ReadAllBytes(path)).Replace(was, becomes)));
        Refused("is damaged or was altered");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(200)]
    [InlineData(20_000)]
    public void Cut_off_file_is_refused(int bytes)
    {
        using (var file = File.OpenWrite(path)) file.SetLength(file.Length - bytes);
        Refused("is cut off");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no model")]
    public void File_of_something_else_is_refused(string text)
    {
        File.WriteAllText(path, text);
        Refused("is cut off");
    }

    [Fact]
    public void Size_that_the_graph_has_not_is_refused_even_where_the_hash_is_made_anew()
    {
        var model = Parsed();
        var card = model.MetadataProps.Single(p => p.Key == "radtex.encoder");
        card.Value = card.Value.Replace("\"image_size\":64", "\"image_size\":96", StringComparison.Ordinal);
        var preparation = model.MetadataProps.Single(p => p.Key == "radtex.preparation");
        preparation.Value = preparation.Value.Replace("64", "96", StringComparison.Ordinal);
        File.WriteAllBytes(path, ModelSeal.Bytes(model));
        Refused("no model that ONNX Runtime can open and run");
    }

    [Fact]
    public void Weights_that_give_something_else_fail_the_self_test_even_where_the_hash_is_made_anew()
    {
        var model = Parsed();
        var weight = model.Graph.Initializer.First(t => t.Name == "head0.weight");
        var bytes = weight.RawData.ToByteArray();
        for (int i = 3; i < bytes.Length; i += 4) bytes[i] ^= 0x80; // signs
        weight.RawData = ByteString.CopyFrom(bytes);
        File.WriteAllBytes(path, ModelSeal.Bytes(model));
        Refused("its self-test is off by");
    }

    [Fact]
    public void Model_without_self_test_is_refused()
    {
        var model = Parsed();
        model.MetadataProps.Remove(model.MetadataProps.Single(p => p.Key == ModelSelfTest.Key));
        File.WriteAllBytes(path, ModelSeal.Bytes(model));
        Refused("has no self-test");
    }

    private ModelProto Parsed()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        model.MetadataProps.Remove(model.MetadataProps.Single(p => p.Key == ModelSeal.Key));
        return model;
    }

    private void Refused(string why)
    {
        var message = Should.Throw<UserErrorException>(() => OnnxModel.Open(path)).Message;
        message.ShouldContain(why);
        message.ShouldContain(path);
        message.ShouldNotContain("\n");
    }
}
