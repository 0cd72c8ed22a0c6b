using System.Buffers.Binary;
using System.Text;
using RadTex.Learning.Checkpoints;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

public sealed class SafeTensorsTests
{
    [Fact]
    public void Every_type_and_shape_comes_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        ScalarType[] types =
        [
            ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16,
            ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
        ];
        var tensors = types.Select(type => ($"t.{type}", (Draw.Normal([3, 4]) * 50).to(ScalarType.Int32).abs().to(type)))
            .Append(("scalar", tensor(7L))).Append(("empty", empty(0, 5))).Append(("transposed", Draw.Normal([4, 3]).t())).ToList();
        SafeTensors.Write(folder.File("a.safetensors"), tensors, new Dictionary<string, string> { ["note"] = "synthetic" });
        var (read, metadata) = SafeTensors.Read(folder.File("a.safetensors"));
        metadata["note"].ShouldBe("synthetic");
        read.Count.ShouldBe(tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            read[name].dtype.ShouldBe(tensor.dtype);
            read[name].shape.ShouldBe(tensor.shape);
            if (tensor.numel() > 0) read[name].equal(tensor).all().item<bool>().ShouldBeTrue(name);
        }
    }

    // Two float32 values in the form the format's own documentation gives.
    [Fact]
    public void A_file_written_by_hand_is_read()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("hand"), """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", [0, 0, 128, 63, 0, 0, 0, 64]);
        var (read, _) = SafeTensors.Read(folder.File("hand"));
        read["w"].data<float>().ToArray().ShouldBe([1f, 2f]);
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""", "offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "8 bytes for a shape of 12")]
    [InlineData("""{"w":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}}""", "unknown dtype")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "negative")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "safetensors")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "overlaps")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "after the last tensor")]
    [InlineData("""{"w":17}""", "safetensors")]
    [InlineData("""{"w":""", "safetensors")]
    public void A_malformed_header_is_one_clear_error(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("bad"), header, new byte[8]);
        Should.Throw<UserErrorException>(() => SafeTensors.Read(folder.File("bad"))).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(99_999_999)]
    public void A_header_length_beyond_the_file_is_refused_before_anything_is_allocated(long length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        File.WriteAllBytes(folder.File("bad"), bytes);
        Should.Throw<UserErrorException>(() => SafeTensors.Read(folder.File("bad"))).Message.ShouldContain("header claims");
    }

    [Fact]
    public void Weights_of_another_model_are_refused_with_every_difference_named_and_nothing_loaded()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Linear(2, 3);
        var before = module.weight!.clone();
        var weights = new Dictionary<string, Tensor> { ["weight"] = ones(1, 2), ["other"] = ones(1) }; // [1,2] would broadcast into [3,2]
        var error = Should.Throw<UserErrorException>(() => ModuleWeights.Load(module, weights, "x.safetensors"));
        error.Message.ShouldContain("weight is [1,2], expected [3,2]");
        error.Message.ShouldContain("bias is missing");
        error.Message.ShouldContain("other is not part of the model");
        module.weight!.equal(before).all().item<bool>().ShouldBeTrue();
    }

    private static void Write(string path, string header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        File.WriteAllBytes(path, [.. length, .. Encoding.UTF8.GetBytes(header), .. data]);
    }

    [Fact]
    public void A_named_pipe_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var pipe = SpecialFiles.MakePipe(folder.File("w.safetensors"));
        Should.Throw<UserErrorException>(() => { SafeTensors.Read(pipe); }).Message.ShouldContain("a named pipe");
    }
}
