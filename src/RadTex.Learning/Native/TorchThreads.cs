using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace RadTex.Learning.Native;

/// <summary>Runs a loop's parts on the threads that torch itself computes with (OpenMP's), so that nothing competes with them for a core.</summary>
internal static unsafe class TorchThreads
{
    // GOMP_parallel(body, data, threads, flags), which compilers call for "#pragma omp parallel"
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel = Find();

    /// <summary>
    /// Calls <paramref name="body"/> with the stretches that 0..count-1 is cut into, one a thread of torch, none but the last shorter than
    /// <paramref name="smallest"/>. Where they lie follows from the two numbers and torch's number of threads alone.
    /// </summary>
    /// <param name="count">Of the things to be worked on.</param>
    /// <param name="smallest">Number that is not worth another thread.</param>
    /// <param name="body">Gets a stretch's place among the stretches, its first and one past its last.</param>
    internal static void For(long count, long smallest, Action<int, long, long> body)
    {
        int parts = Parts(count, smallest);
        if (parts <= 1)
        {
            if (count > 0) body(0, 0, count);
            return;
        }
        var work = new Work(count, parts, body);
        if (Parallel is null)
        {
            System.Threading.Tasks.Parallel.For(0, parts, work.Run);
            return;
        }
        var handle = GCHandle.Alloc(work);
        try
        {
            Parallel(&Enter, (void*)GCHandle.ToIntPtr(handle), (uint)parts, 0);
        }
        finally
        {
            handle.Free();
        }
        work.Failure?.Throw();
    }

    /// <summary>Into how many stretches <see cref="For"/> cuts.</summary>
    internal static int Parts(long count, long smallest) => (int)Math.Clamp(count / Math.Max(1, smallest), 1, TorchSharp.torch.get_num_threads());

    [UnmanagedCallersOnly]
    private static void Enter(void* data) => ((Work)GCHandle.FromIntPtr((nint)data).Target!).RunAll();

    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Find()
    {
        TorchLibrary.EnsureLoaded();
        return NativeLibrary.TryLoad(Path.Combine(TorchLibrary.Folder!, "libtorch_cpu.so"), out nint library)
            && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint function)
            ? (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)function
            : null;
    }

    // OpenMP may give fewer threads than are asked for: each takes the next part until none is left.
    private sealed class Work(long count, int parts, Action<int, long, long> body)
    {
        private int next;

        internal ExceptionDispatchInfo? Failure { get; private set; }

        internal void RunAll()
        {
            for (int part; (part = Interlocked.Increment(ref next) - 1) < parts;)
            {
                try
                {
                    Run(part);
                }
#pragma warning disable CA1031 // nothing may be thrown through OpenMP's frames; it is thrown again behind them
                catch (Exception e)
                {
                    Failure = ExceptionDispatchInfo.Capture(e);
                }
#pragma warning restore CA1031
            }
        }

        internal void Run(int part) => body(part, count * part / parts, count * (part + 1) / parts);
    }
}
