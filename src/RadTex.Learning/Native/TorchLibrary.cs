using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using RadTex.Files;

namespace RadTex.Learning.Native;

/// <summary>
/// Makes TorchSharp's native part loadable on hosts with an older C++ runtime (Debian 12, Ubuntu 22.04, RHEL 9).
/// </summary>
/// <remarks>
/// <c>libLibTorchSharp.so</c> asks for GLIBCXX_3.4.32 (GCC 13.2) because of one symbol version that nothing in it calls.
/// Where the host's libstdc++ lacks it, that one need is marked weak: one byte of the copied file, by atomic rename,
/// before torch is touched. On newer hosts the file is left alone.
/// </remarks>
public static class TorchLibrary
{
    // TorchSharp's part, and the library of libtorch that pulls in the others.
    private static readonly (string Binding, string Torch) fileNames =
        OperatingSystem.IsWindows() ? ("LibTorchSharp.dll", "torch.dll")
        : OperatingSystem.IsMacOS() ? ("libLibTorchSharp.dylib", "libtorch.dylib") : ("libLibTorchSharp.so", "libtorch.so");

    private const string NeededVersion = "GLIBCXX_3.4.32";
    private const string NeededSymbol = "_ZSt21ios_base_library_initv"; // the one symbol of that version the file names

    /// <summary>
    /// Where torch's libraries lie: beside the program where it was built for one platform, else in <c>runtimes/linux-x64/native</c> or the
    /// like beside it; null where they are in neither.
    /// </summary>
    public static string? Folder { get; } = Places().FirstOrDefault(folder => File.Exists(Path.Combine(folder, fileNames.Binding)));

    /// <summary>Whether there is a torch for this platform.</summary>
    public static bool IsServedHere { get; } = Platform is "linux-x64" or "win-x64" or "osx-arm64";

    // As packages name it: RuntimeInformation.RuntimeIdentifier may name a distribution.
    private static string Platform =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-"
            + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>What was done to make torch loadable on this host, in one line; null where nothing had to be.</summary>
    public static string? Remedy { get; private set; }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Must run before any code path touches torch, in the tests and in other hosts too.")]
    internal static void Initialize()
    {
        if (!OperatingSystem.IsLinux() || Folder is null) return;
        // Torch's threads wait for each other by spinning for about a millisecond, which beside another busy process costs more than it
        // saves. They sleep after some ten microseconds instead.
        Posix.SetEnvironmentDefault("GOMP_SPINCOUNT", "5000");
        try { MakeLoadable(Folder); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException)
        {
            failure = e.Message;
        }
    }

    private static string? failure;

    /// <summary>Loads torch now, or says why it cannot be loaded and what would help.</summary>
    /// <exception cref="UserErrorException">The native library does not load; the message names the cause and the cure.</exception>
    public static void EnsureLoaded()
    {
        if (loaded) return;
        if (Folder is not { } directory) throw new UserErrorException(Absence());
        // TorchSharp answers a failed load by copying half a gigabyte about, so the attempt is made here first.
        var path = Path.Combine(directory, fileNames.Binding);
        lock (gate)
        {
            if (loaded) return;
            if (!NativeLibrary.TryLoad(Path.Combine(directory, fileNames.Torch), out _) || !NativeLibrary.TryLoad(path, out _))
                throw new UserErrorException(Explain(path));
            LogErrorsOnly(directory);
            if (OperatingSystem.IsLinux() && HiddenCaches.Correct(directory) is { } correction)
                Remedy = Remedy is null ? correction : $"{Remedy} {correction}";
            TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            loaded = true;
        }
    }

    private static readonly Lock gate = new();
    private static volatile bool loaded;

    // Else every convolution warns on processors that NNPACK, which is not used, does not know.
    private static unsafe void LogErrorsOnly(string directory)
    {
        const int error = 2;
        if (
            OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Path.Combine(directory, "libc10.so"), out nint library)
                && NativeLibrary.TryGetExport(library, "FLAGS_caffe2_log_level", out nint level))
            *(int*)level = error;
    }

    /// <summary>Marks the one missing version weak in the copy that lies in <paramref name="directory"/>, where the host needs it.</summary>
    [SupportedOSPlatform("linux")]
    internal static void MakeLoadable(string directory)
    {
        var path = Path.Combine(directory, fileNames.Binding);
        if (!File.Exists(path) || HostHas(NeededSymbol)) return;
        var elf = File.ReadAllBytes(path);
        if (ElfVersionNeeds.Find(elf, NeededVersion) is not { IsWeak: false } need) return;
        ElfVersionNeeds.MarkWeak(elf, need.FlagsOffset);
        // Several processes may do this at once: each writes its own temporary file, and every result is the same.
        var temporary = $"{path}.{Environment.ProcessId}{AtomicFile.TemporarySuffix}";
        File.WriteAllBytes(temporary, elf);
        File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
        AtomicFile.Publish(temporary, path);
        Remedy = $"This host's C++ runtime is older than GCC 13.2: marked the unused symbol version {NeededVersion} weak in {path}.";
    }

    private static IEnumerable<string> Places() =>
        [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", Platform, "native")];

    private static string Absence()
    {
        const string version = "2.10.0"; // what TorchSharp's binding was built for
        return IsServedHere
            ? $"torch is not here: {fileNames.Binding} is neither in {string.Join(" nor in ", Places())}. Expected NuGet's package "
            + $"libtorch-cpu-{Platform} {version}: add it to the program."
            : $"torch is not here: no package brings it for {Platform}. Training, transfer and what else runs on tensors want linux-x64, win-x64 "
            + "or osx-arm64; preparing, labelling and judging by exported models do without.";
    }

    private static bool HostHas(string symbol) =>
        NativeLibrary.TryLoad("libstdc++.so.6", out nint library) && NativeLibrary.TryGetExport(library, symbol, out _);

    private static string Explain(string path)
    {
        string cause;
        try
        {
            NativeLibrary.Load(path);
            cause = "an unknown reason";
        }
        catch (DllNotFoundException e) { cause = e.Message.ReplaceLineEndings(" "); }
        if (!OperatingSystem.IsLinux()) return $"The torch library does not load from {path}: {cause}";
        var cure = failure is null
            ? "Install the host's C++ runtime and OpenMP (Debian: apt-get install libstdc++6 libgomp1), or use Debian 12, "
            + "Ubuntu 22.04, RHEL 9 or newer on x86-64."
            : $"RadTex tried to adapt the file to this host's older C++ runtime and could not ({failure}): make "
            + $"{Path.GetDirectoryName(path)} writable once, or use a host with GCC 13.2 or newer.";
        return $"The torch library does not load from {path}: {cause} {cure}";
    }
}
