using static TorchSharp.torch;

namespace RadTex.Learning.Distributed;

/// <summary>The processes an MPI launcher started (mpirun, mpiexec, srun), over the machine's own MPI library.</summary>
public sealed unsafe class MpiProcessGroup : ProcessGroup
{
    private const int Serialized = 2; // MPI_THREAD_SERIALIZED: several threads, one call at a time

    private readonly MpiLibrary library;
    private readonly delegate* unmanaged<nint, void*, int, nint, nint, nint, int> reduce; // MPI_Allreduce
    private readonly delegate* unmanaged<void*, int, nint, int, nint, int> broadcast; // MPI_Bcast
    private bool left, lookedForNccl;
    private Nccl? nccl;

    private MpiProcessGroup(MpiLibrary library)
    {
        this.library = library;
        int provided;
        MpiLibrary.Check(
            ((delegate* unmanaged<int*, byte***, int, int*, int>)library.Require("MPI_Init_thread"))(null, null, Serialized, &provided),
            "MPI_Init_thread");
        reduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)library.Require("MPI_Allreduce");
        broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)library.Require("MPI_Bcast");
        (Rank, Size) = (Ask("MPI_Comm_rank", library.World), Ask("MPI_Comm_size", library.World));
        if (provided < Serialized)
            throw new UserErrorException( // every rank finds the same; the launcher ends what is left
                $"{library.Name} serves calls from one thread only (level {provided}, expected {Serialized}). Name another MPI library in "
                    + "RADTEX_MPI.");
        nint local = 0; // MPICH writes the lower half
        MpiLibrary.Check(
            ((delegate* unmanaged<nint, int, int, nint, nint*, int>)library.Require("MPI_Comm_split_type"))(
                library.World, library.SharedMemory, Rank, library.NoInformation, &local),
            "MPI_Comm_split_type");
        (LocalRank, LocalSize) = (Ask("MPI_Comm_rank", local), Ask("MPI_Comm_size", local));
        Description = $"{Size} processes, {library.Version}";
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Size { get; }

    /// <inheritdoc/>
    public override int LocalSize { get; }

    /// <inheritdoc/>
    public override int LocalRank { get; }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>Joins the processes that an MPI launcher started beside this one; <see cref="ProcessGroup.Alone"/> where none did.</summary>
    /// <exception cref="UserErrorException">A launcher did, and its MPI library is not there, or serves one thread only.</exception>
    public static ProcessGroup Join()
    {
        static bool Has(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
        bool pmix = Has("OMPI_COMM_WORLD_RANK") || Has("PMIX_RANK"), pmi = Has("PMI_RANK"); // Open MPI and PMIx; MPICH's hydra and SLURM's pmi2
        bool single = !Has("OMPI_COMM_WORLD_RANK") && !Has("PMI_SIZE") && Environment.GetEnvironmentVariable("SLURM_NTASKS") == "1";
        return !OperatingSystem.IsLinux() || single || !(pmix || pmi) ? Alone : new MpiProcessGroup(MpiLibrary.Open(openMpiFirst: pmix));
    }

    /// <inheritdoc/>
    public override void Sum(Span<double> values)
    {
        fixed (double* start = values) Reduce(start, values.Length, library.Double);
    }

    /// <inheritdoc/>
    public override void Abort(int exitCode)
    {
        if (Size > 1) _ = ((delegate* unmanaged<nint, int, int>)library.Require("MPI_Abort"))(library.World, exitCode);
    }

    /// <summary>Leaves the group, as every rank must before it ends.</summary>
    public override void Dispose()
    {
        base.Dispose();
        if (left) return;
        left = true;
        nccl?.Dispose();
        _ = ((delegate* unmanaged<int>)library.Require("MPI_Finalize"))();
    }

    /// <inheritdoc/>
    protected override bool SumOnDevice(Tensor values)
    {
        if (!lookedForNccl) nccl = Nccl.Join(this, values.device_index);
        lookedForNccl = true;
        nccl?.Sum(values);
        return nccl is not null;
    }

    /// <inheritdoc/>
    protected override void SumFloats(Span<float> values)
    {
        fixed (float* start = values) Reduce(start, values.Length, library.Float);
    }

    /// <inheritdoc/>
    protected override void Broadcast(Span<byte> values)
    {
        fixed (byte* start = values)
            for (int at = 0; at < values.Length; at += BucketBytes)
                MpiLibrary.Check(broadcast(start + at, Math.Min(BucketBytes, values.Length - at), library.Byte, 0, library.World), "MPI_Bcast");
    }

    private void Reduce(void* start, int count, nint type) =>
        MpiLibrary.Check(reduce(library.InPlace, start, count, type, library.Addition, library.World), "MPI_Allreduce");

    private int Ask(string function, nint communicator)
    {
        int value;
        MpiLibrary.Check(((delegate* unmanaged<nint, int*, int>)library.Require(function))(communicator, &value), function);
        return value;
    }
}
