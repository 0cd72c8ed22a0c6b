using System.Diagnostics;
using RadTex.Learning.Distributed;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Distributed;

/// <summary>The calls to NCCL as it gets them, taken down by a library of its interface: there is no GPU here.</summary>
public sealed class NcclTests : IDisposable
{
    // What nccl.h declares, for a group of one: a "sum" doubles, so that it can be told from nothing.
    private const string Source = """
        #include <stddef.h>
        typedef struct { char internal[128]; } ncclUniqueId;
        typedef struct { int ranks, rank, sums; } *ncclComm_t;
        static struct { int ranks, rank, sums; } only;
        int ncclGetUniqueId(ncclUniqueId *id) { for (int i = 0; i < 128; i++) id->internal[i] = (char)(3 * i); return 0; }
        int ncclCommInitRank(ncclComm_t *comm, int ranks, ncclUniqueId id, int rank)
        {
            for (int i = 0; i < 128; i++) if (id.internal[i] != (char)(3 * i)) return 5;
            only.ranks = ranks; only.rank = rank; *comm = (ncclComm_t)&only; return 0;
        }
        int ncclAllReduce(const void *from, void *to, size_t count, int type, int operation, ncclComm_t comm, void *stream)
        {
            if (type != 7 || operation != 0 || stream || comm != (ncclComm_t)&only || only.ranks != 1 || only.rank != 0) return 4;
            for (size_t i = 0; i < count; i++) ((float *)to)[i] = 2 * ((const float *)from)[i];
            return 0;
        }
        int ncclCommDestroy(ncclComm_t comm) { return comm == (ncclComm_t)&only ? 0 : 4; }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ranks_join_by_one_identifier_and_sum_in_place()
    {
        using var joined = Nccl.Join(ProcessGroup.Alone, [Build()], () => { })!;
        using var scope = NewDisposeScope();
        var values = arange(0, 1000, dtype: ScalarType.Float32);
        joined.Sum(values.narrow(0, 10, 500));
        values[9].item<float>().ShouldBe(9);
        values[10].item<float>().ShouldBe(20);
        values[509].item<float>().ShouldBe(1018);
        values[510].item<float>().ShouldBe(510);
    }

    [Fact]
    public void Without_the_library_there_is_another_way() => Nccl.Join(ProcessGroup.Alone, [folder.File("libnccl.so.2")], () => { }).ShouldBeNull();

    private string Build()
    {
        if (!File.Exists("/usr/bin/gcc")) Assert.Skip("needs a C compiler: apt-get install gcc");
        File.WriteAllText(folder.File("nccl.c"), Source);
        using var compiler = Process.Start("/usr/bin/gcc", ["-shared", "-fPIC", "-o", folder.File("libnccl.so.2"), folder.File("nccl.c")]);
        compiler.WaitForExit();
        compiler.ExitCode.ShouldBe(0);
        return folder.File("libnccl.so.2");
    }
}
