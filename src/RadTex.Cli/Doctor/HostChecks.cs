using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;
using RadTex.Learning.Native;

namespace RadTex.Cli.Doctor;

/// <summary>
/// What of this machine decides whether and how fast RadTex works, each with a verdict and a cure. Nothing is written but a probe file.
/// </summary>
internal static class HostChecks
{
    private const double Gigabyte = 1e9, LeastMemory = 4 * Gigabyte, LeastDisk = 5 * Gigabyte;

    /// <summary>All checks, in the order they are shown.</summary>
    /// <param name="folder">Where the user works: its disk is looked at.</param>
    internal static IEnumerable<HostFinding> All(string folder)
    {
        yield return Platform();
        yield return Cpu();
        yield return Threads();
        yield return Memory();
        yield return Disk(folder);
        yield return Guarded("pictures", Pictures, "Install this platform's libvips: the package NetVips.Native of version 8.18 brings it.");
        yield return Guarded("exported models", ExportedModels, "Install the host's C++ runtime (Debian: apt-get install libstdc++6).");
        yield return Torch();
        yield return Gpu();
        yield return Tool(
            "JPEG 2000 and JPEG-LS in DICOM", ["gdcmconv"], "such files are left out", "Debian: apt-get install libgdcm-tools");
        yield return Tool("several processes", ["mpirun", "mpiexec"], "training runs in one process", "Debian: apt-get install openmpi-bin");
    }

    private static HostFinding Platform() => new(
        "platform", Verdict.Ok,
        $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}, RadTex "
            + $"{typeof(HostChecks).Assembly.GetName().Version?.ToString(3)}");

    private static HostFinding Cpu()
    {
        string[] can =
        [
            .. new (string Name, bool Has)[]
            {
                ("AVX2", Avx2.IsSupported), ("AVX-512", Avx512F.IsSupported), ("VNNI", AvxVnni.IsSupported || Avx512Vbmi.IsSupported),
                ("bfloat16 products", Processor.MultipliesBFloat16), ("AdvSimd", AdvSimd.IsSupported),
            }.Where(f => f.Has).Select(f => f.Name),
        ];
        string found =
            $"{Model() ?? RuntimeInformation.ProcessArchitecture.ToString()}: {(can.Length == 0 ? "none of AVX2, AVX-512" : string.Join(", ", can))}";
        if (!X86Base.IsSupported) return new("processor", Verdict.Ok, found);
        if (!Avx2.IsSupported)
            return new("processor", Verdict.Limited, found, "Without AVX2 everything is several times slower: use a newer processor.");
        return Processor.MultipliesBFloat16
            ? new("processor", Verdict.Ok, found)
            : new(
                "processor", Verdict.Limited, found,
                "Training runs in float32, about half as fast: a processor with AVX512_BF16 or AMX trains in bfloat16.");
    }

    private static string? Model()
    {
        const string key = "model name";
        if (!File.Exists("/proc/cpuinfo")) return null;
        return File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
    }

    private static HostFinding Threads()
    {
        var asked = Environment.GetEnvironmentVariable("OMP_NUM_THREADS");
        string found = $"{Environment.ProcessorCount} processors for this process";
        return asked is null ? new("threads", Verdict.Ok, found) : new(
            "threads", PlainNumber.TryParse(asked, out int threads) && threads < Environment.ProcessorCount ? Verdict.Limited : Verdict.Ok,
            $"{found}, OMP_NUM_THREADS={asked}", "torch takes as many threads as OMP_NUM_THREADS says: unset it to use all processors.");
    }

    private static HostFinding Memory()
    {
        long total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string found = string.Create(CultureInfo.InvariantCulture, $"{total / Gigabyte:0.0} GB for this process");
        return total >= LeastMemory
            ? new("memory", Verdict.Ok, found)
            : new(
                "memory", Verdict.Limited, found,
                "The paper's network trains in about 8 GB, preset phantom in 2 GB: take smaller batches or more memory.");
    }

    private static HostFinding Disk(string folder)
    {
        try
        {
            var probe = Path.Combine(folder, Path.GetRandomFileName());
            using (File.Create(probe, 1, FileOptions.DeleteOnClose)) { }
            long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
            string found = string.Create(CultureInfo.InvariantCulture, $"{free / Gigabyte:0.0} GB free here");
            return free >= LeastDisk
                ? new("disk", Verdict.Ok, found)
                : new("disk", Verdict.Limited, found, "A dataset of 10,000 radiographs takes about 1 GB, a run 1 GB and more: make room.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("disk", Verdict.Limited, $"this folder cannot be written: {e.Message}", "Work in a folder of your own.");
        }
    }

    private static HostFinding Pictures() =>
        new(
            "pictures", Verdict.Ok,
            $"libvips {NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}: JPEG, PNG, TIFF; DICOM by RadTex");

    private static HostFinding ExportedModels() => new("exported models", Verdict.Ok, $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}");

    private static HostFinding Torch()
    {
        try
        {
            TorchLibrary.EnsureLoaded();
            return new("training", Verdict.Ok, $"torch {TorchSharp.torch.__version__}, {TorchSharp.torch.get_num_threads()} threads"
                + (TorchLibrary.Remedy is { } remedy ? $". {remedy}" : ""));
        }
        catch (UserErrorException e)
        {
            bool isExpected = TorchLibrary.IsServedHere;
            return new(
                "training", isExpected ? Verdict.Broken : Verdict.Limited, e.Message,
                isExpected
                    ? "Install RadTex anew, or the package that is named."
                    : "Train on linux-x64, win-x64 or osx-arm64, and bring the exported model here.");
        }
    }

    private static HostFinding Gpu()
    {
        if (TorchLibrary.Folder is not null && TorchSharp.torch.cuda_is_available())
            return new("GPU", Verdict.Ok, $"CUDA: {TorchSharp.torch.cuda.device_count()} devices");
        return OnPath("nvidia-smi") is null
            ? new("GPU", Verdict.Ok, "none; all runs on the processor")
            : new("GPU", Verdict.Limited, "an NVIDIA driver, and a torch without CUDA", "Build with -p:RadTexTorch=cuda: docs/gpu.md.");
    }

    private static HostFinding Tool(string part, string[] programs, string without, string cure) =>
        programs.Select(OnPath).OfType<string>().FirstOrDefault() is { } path
            ? new(part, Verdict.Ok, path)
            : new(part, Verdict.Limited, $"{programs[0]} is not on the PATH: {without}", OperatingSystem.IsLinux() ? cure : null);

    private static HostFinding Guarded(string part, Func<HostFinding> check, string cure)
    {
        try { return check(); }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            return new(part, Verdict.Broken, (e.InnerException ?? e).Message.ReplaceLineEndings(" "), cure);
        }
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program + (OperatingSystem.IsWindows() ? ".exe" : ""))).FirstOrDefault(File.Exists);
}
