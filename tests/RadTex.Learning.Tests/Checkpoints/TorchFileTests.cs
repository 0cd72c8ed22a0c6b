using RadTex.Learning.Checkpoints.Foreign;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>Files that PyTorch itself wrote, in both forms.</summary>
public sealed class TorchFileTests
{
    // Every type; a transposed and a sliced view; two tensors of one storage; an empty and a scalar one; a parameter.
    private const string WriteAll = """
        import sys, torch, collections
        torch.manual_seed(5)
        base = torch.randn(6, 7)
        tied = torch.randn(3, 4)
        state = collections.OrderedDict()
        for t in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool, torch.complex64):
            state['type.' + str(t).split('.')[1]] = (torch.arange(12).reshape(3, 4) * 5).to(t)
        state['transposed'] = base.t()
        state['sliced'] = base[1:5:2, 2:6:3]
        state['tied.a'] = tied
        state['tied.b'] = tied
        state['tied.row'] = tied[2]
        state['empty'] = torch.zeros(0, 5)
        state['scalar'] = torch.tensor(7)
        state['parameter'] = torch.nn.Parameter(torch.randn(2, 2))
        module = torch.nn.BatchNorm2d(3)
        state.update(module.state_dict(prefix='bn.'))
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
        module(torch.randn(2, 3, 4, 4)).sum().backward(); optimizer.step()
        sums = {k: (list(v.shape), float((v.abs() if v.is_complex() else v.detach().double().abs()).sum())) for k, v in state.items()}
        wrapped = {'epoch': 3, 'state_dict': state, 'optimizer': optimizer.state_dict(), 'loss': 0.5, 'huge': 2 ** 70, 'args': ['a', ('b', None, True)]}
        torch.save({'plain': state, 'wrapped': wrapped, 'model': {'model': state, 'iteration': 1}}[sys.argv[2]], sys.argv[1], _use_new_zipfile_serialization=sys.argv[3] == 'zip')
        import json; print(json.dumps(sums))
        """;

    [Theory]
    [InlineData("plain", "zip")]
    [InlineData("plain", "legacy")]
    [InlineData("wrapped", "zip")]
    [InlineData("wrapped", "legacy")]
    [InlineData("model", "zip")]
    public void Every_type_view_and_shared_storage_that_torch_saves_is_read(string wrapping, string form)
    {
        using var folder = new TemporaryFolder();
        var expected = System.Text.Json.JsonDocument
            .Parse(ExternalProgram.RunPython("torch", WriteAll, folder.File("a.pth"), wrapping, form)).RootElement;
        using var scope = NewDisposeScope();
        using var file = TorchFile.Open(folder.File("a.pth"));
        file.Names.ShouldBe(expected.EnumerateObject().Select(p => p.Name), ignoreOrder: false);
        foreach (var property in expected.EnumerateObject())
        {
            using var tensor = file.Read(property.Name);
            tensor.shape.ShouldBe(property.Value[0].EnumerateArray().Select(v => v.GetInt64()), property.Name);
            (tensor.is_complex() ? tensor.abs() : tensor.to(ScalarType.Float64).abs()).to(ScalarType.Float64).sum().item<double>()
                .ShouldBe(property.Value[1].GetDouble(), 1e-5 * (1 + property.Value[1].GetDouble()), property.Name);
            if (property.Name.StartsWith("type.", StringComparison.Ordinal) && tensor.dtype is not (ScalarType.Bool or ScalarType.ComplexFloat32))
                tensor.to(ScalarType.Float32).flatten().data<float>().ToArray().ShouldBe(Enumerable.Range(0, 12).Select(i => i * 5f), property.Name);
        }
        using var transposed = file.Read("transposed");
        using var sliced = file.Read("sliced");
        sliced.equal(transposed.t().slice(0, 1, 5, 2).slice(1, 2, 6, 3)).all().item<bool>().ShouldBeTrue();
        using var tied = file.Read("tied.a");
        using var row = file.Read("tied.row");
        row.equal(tied[2]).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_whole_pickled_module_is_refused_by_the_name_of_its_class()
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torch", "import sys, torch; torch.save(torch.nn.Linear(2, 3), sys.argv[1])", folder.File("m.pth"));
        Should.Throw<UserErrorException>(() => TorchFile.Open(folder.File("m.pth"))).Message.ShouldContain("torch.nn.modules.linear.Linear");
    }

    [Fact]
    public void A_TorchScript_archive_is_refused_as_such()
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torch", "import sys, torch; torch.jit.script(torch.nn.Linear(2, 3)).save(sys.argv[1])", folder.File("m.pt"));
        Should.Throw<UserErrorException>(() => TorchFile.Open(folder.File("m.pt"))).Message.ShouldContain("TorchScript");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void A_file_cut_at_any_64th_byte_is_refused_and_no_value_is_made_up(string form)
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torch", "import sys, torch; torch.save({'a': torch.arange(300.), 'b': torch.ones(5)}, sys.argv[1], "
            + "_use_new_zipfile_serialization=sys.argv[2] == 'zip')", folder.File("a.pth"), form);
        var whole = File.ReadAllBytes(folder.File("a.pth"));
        for (int length = 0; length < whole.Length; length += 64)
        {
            File.WriteAllBytes(folder.File("cut.pth"), whole[..length]);
            Should.Throw<UserErrorException>(
                () => { using var file = TorchFile.Open(folder.File("cut.pth")); foreach (var name in file.Names) file.Read(name).Dispose(); },
                $"cut at {length}")
                .Message.ShouldContain("cut.pth was refused: it holds");
        }
    }

    [Fact]
    public void A_changed_value_is_found_by_the_entrys_check_sum()
    {
        using var folder = new TemporaryFolder();
        ExternalProgram.RunPython("torch", "import sys, torch; torch.save({'a': torch.full((100,), 3.0)}, sys.argv[1])", folder.File("a.pth"));
        var bytes = File.ReadAllBytes(folder.File("a.pth"));
        int at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 0, 0x40, 0x40, 0, 0, 0x40, 0x40]);
        bytes[at + 17] ^= 1;
        File.WriteAllBytes(folder.File("a.pth"), bytes);
        using var file = TorchFile.Open(folder.File("a.pth"));
        Should.Throw<UserErrorException>(() => file.Read("a")).Message.ShouldContain("check sum");
    }
}
