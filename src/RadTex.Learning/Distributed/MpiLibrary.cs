using System.Runtime.InteropServices;
using System.Text;

namespace RadTex.Learning.Distributed;

/// <summary>
/// The MPI library of the machine, Open MPI or MPICH (and what keeps MPICH's ABI: Intel MPI, MVAPICH, Cray MPICH), opened at run time: one program
/// for both.
/// </summary>
/// <remarks>
/// The two differ in what a handle is: Open MPI's are addresses of objects it exports, MPICH's are fixed numbers of 32 bits. Both are passed
/// in a whole register, of which MPICH reads the lower half. Source: mpi.h of Open MPI 4.1 and MPICH 4.0 (the ABI that MPICH froze in 2014).
/// </remarks>
internal sealed unsafe class MpiLibrary
{
    private const int GlobalSymbols = 0x100, ResolveNow = 2; // RTLD_GLOBAL: Open MPI's plugins look for its symbols there
    private static readonly string[] OpenMpi = ["libmpi.so.40", "libmpi.so.80", "libmpi.so.20", "libmpi.so"],
        Mpich = ["libmpich.so.12", "libmpi.so.12", "libmpich.so"];

    private readonly nint library;

    private MpiLibrary(nint library, string name)
    {
        (this.library, Name) = (library, name);
        IsOpenMpi = Find("ompi_mpi_comm_world") is not null;
        World = IsOpenMpi ? Find("ompi_mpi_comm_world")!.Value : 0x44000000;
        Byte = IsOpenMpi ? Find("ompi_mpi_byte")!.Value : 0x4c00010d;
        Float = IsOpenMpi ? Find("ompi_mpi_float")!.Value : 0x4c00040a;
        Double = IsOpenMpi ? Find("ompi_mpi_double")!.Value : 0x4c00080b;
        Addition = IsOpenMpi ? Find("ompi_mpi_op_sum")!.Value : 0x58000003;
        InPlace = IsOpenMpi ? 1 : -1;
        NoInformation = IsOpenMpi ? Find("ompi_mpi_info_null")!.Value : 0x1c000000;
        SharedMemory = IsOpenMpi ? 0 : 1; // MPI_COMM_TYPE_SHARED
    }

    internal string Name { get; }

    internal bool IsOpenMpi { get; }

    internal nint World { get; }

    internal nint Byte { get; }

    internal nint Float { get; }

    internal nint Double { get; }

    internal nint Addition { get; }

    internal nint InPlace { get; }

    internal nint NoInformation { get; }

    internal int SharedMemory { get; }

    /// <summary>The version as the library tells it, its first line.</summary>
    internal string Version
    {
        get
        {
            Span<byte> text = stackalloc byte[8192]; // MPI_MAX_LIBRARY_VERSION_STRING of MPICH, the longer one
            int length;
            fixed (byte* start = text) Check(
                ((delegate* unmanaged<byte*, int*, int>)Require("MPI_Get_library_version"))(start, &length), "MPI_Get_library_version");
            var whole = Encoding.UTF8.GetString(text[..Math.Clamp(length, 0, text.Length)]);
            return whole.AsSpan().TrimEnd('\0').ToString().Split('\n')[0].Trim();
        }
    }

    /// <summary>Opens the library of the launcher that started this process.</summary>
    /// <param name="openMpiFirst">Whether the launcher is Open MPI's (or PMIx's) rather than MPICH's.</param>
    /// <exception cref="UserErrorException">There is none.</exception>
    internal static MpiLibrary Open(bool openMpiFirst)
    {
        string[] names = Environment.GetEnvironmentVariable("RADTEX_MPI") is { Length: > 0 } given
            ? [given]
            : openMpiFirst
            ? [.. OpenMpi, .. Mpich]
            : [.. Mpich, .. OpenMpi];
        foreach (var name in names)
            if (OpenLibrary(name, ResolveNow | GlobalSymbols) is var library and not 0)
                return new(library, name);
        throw new UserErrorException(
            $"An MPI launcher started this process, and no MPI library was found (tried {string.Join(", ", names)}). "
                + "Install the one of the launcher (Debian: apt-get install libopenmpi3, or libmpich12), or name it in " + "RADTEX_MPI.");
    }

    internal nint Require(string function) =>
        Find(function) ?? throw new UserErrorException($"{Name} is no MPI library: it lacks {function}. Name another one in RADTEX_MPI.");

    internal static void Check(int code, string function)
    {
        if (code != 0) throw new InvalidOperationException($"{function} failed with code {code}");
    }

    private nint? Find(string symbol) => NativeLibrary.TryGetExport(library, symbol, out nint address) ? address : null;

    [DllImport("libc", EntryPoint = "dlopen", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint OpenLibrary([MarshalAs(UnmanagedType.LPUTF8Str)] string name, int flags);
}
