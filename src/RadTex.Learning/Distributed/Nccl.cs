using System.Runtime.InteropServices;
using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Distributed;

/// <summary>
/// NVIDIA's NCCL, opened at run time: sums between the GPUs of a group that do not pass through the host's memory. Not run on a GPU.
/// </summary>
/// <remarks>
/// Source: nccl.h of NCCL 2. Sums are queued on CUDA's default stream, which is torch's own, and so stand in order with what torch computes; nobody
/// waits for them here. The ranks find each other by an identifier that rank 0 makes and the group's own exchange carries.
/// </remarks>
internal sealed unsafe class Nccl : IDisposable
{
    private const int Float32 = 7, Addition = 0;
    private static readonly string[] Names = ["libnccl.so.2", "libnccl.so"];

    private readonly nint library, communicator;
    private readonly Action makeCurrent;
    // from, to, count, type, operation, communicator, stream
    private readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> allReduce;
    private readonly delegate* unmanaged<nint, nint> address; // of a torch tensor's first value

    private Nccl(nint library, ProcessGroup group, Action makeCurrent)
    {
        (this.library, this.makeCurrent) = (library, makeCurrent);
        Identifier identifier = default;
        if (group.IsFirst) Check(((delegate* unmanaged<Identifier*, int>)Find("ncclGetUniqueId"))(&identifier), "ncclGetUniqueId");
        identifier = MemoryMarshal.Read<Identifier>(group.Broadcast(MemoryMarshal.AsBytes(new ReadOnlySpan<Identifier>(in identifier)).ToArray()));
        makeCurrent();
        nint made;
        Check(
            ((delegate* unmanaged<nint*, int, Identifier, int, int>)Find("ncclCommInitRank"))(&made, group.Size, identifier, group.Rank),
            "ncclCommInitRank");
        communicator = made;
        allReduce = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Find("ncclAllReduce");
        TorchLibrary.EnsureLoaded();
        address = (delegate* unmanaged<nint, nint>)NativeLibrary
            .GetExport(NativeLibrary.Load(Path.Combine(TorchLibrary.Folder!, "libLibTorchSharp.so")), "THSTensor_data");
    }

    /// <summary>Joins the ranks of a group, each on the GPU it was given; null where a rank finds no NCCL: the host's memory then serves.</summary>
    /// <param name="group">Those who take part: all make this call.</param>
    /// <param name="device">This rank's GPU.</param>
    internal static Nccl? Join(ProcessGroup group, int device) => Join(group, Names, () => Cuda.MakeCurrent(device));

    /// <param name="group">Those who take part.</param>
    /// <param name="names">Of the library, the first that opens is taken.</param>
    /// <param name="makeCurrent">Makes this rank's GPU the one that CUDA's calls of this thread mean.</param>
    internal static Nccl? Join(ProcessGroup group, IReadOnlyList<string> names, Action makeCurrent)
    {
        nint library = 0;
        foreach (var name in Environment.GetEnvironmentVariable("RADTEX_NCCL") is { Length: > 0 } given ? [given] : names)
            if (NativeLibrary.TryLoad(name, out library)) break;
        return group.Any(library == 0) ? null : new Nccl(library, group, makeCurrent);
    }

    /// <summary>Puts the sum over all ranks in place of each one's values, once the work queued before is done.</summary>
    /// <param name="values">Contiguous, float32, on this rank's GPU; as long on every rank.</param>
    internal void Sum(Tensor values)
    {
        makeCurrent();
        nint start = address(values.Handle);
        Check(allReduce(start, start, (nuint)values.numel(), Float32, Addition, communicator, 0), "ncclAllReduce");
        GC.KeepAlive(values);
    }

    public void Dispose() => _ = ((delegate* unmanaged<nint, int>)Find("ncclCommDestroy"))(communicator);

    private nint Find(string function) => NativeLibrary.GetExport(library, function);

    private static void Check(int code, string function)
    {
        if (code != 0) throw new InvalidOperationException($"{function} failed with code {code}");
    }

    // ncclUniqueId, passed by value.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Identifier;

    // NCCL takes the device of the thread's current context, which torch sets only inside its own calls.
    private static class Cuda
    {
        private static readonly Dictionary<int, nint> contexts = [];

        internal static void MakeCurrent(int device)
        {
            nint driver = NativeLibrary.Load("libcuda.so.1");
            nint Find(string function) => NativeLibrary.GetExport(driver, function);
            if (!contexts.TryGetValue(device, out nint context))
            {
                int found;
                Check(((delegate* unmanaged<int*, int, int>)Find("cuDeviceGet"))(&found, device), "cuDeviceGet");
                Check(((delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain"))(&context, found), "cuDevicePrimaryCtxRetain");
                contexts.Add(device, context);
            }
            Check(((delegate* unmanaged<nint, int>)Find("cuCtxSetCurrent"))(context), "cuCtxSetCurrent");
        }
    }
}
