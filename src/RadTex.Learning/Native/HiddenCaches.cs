using System.Runtime.Intrinsics.X86;
using RadTex.Files;

namespace RadTex.Learning.Native;

/// <summary>
/// Tells oneDNN, torch's library of convolutions, how large the processor's caches are, on virtual machines that hide them.
/// </summary>
/// <remarks>
/// On AMD processors oneDNN reads the caches from CPUID leaf 8000001D. Where a hypervisor answers it with zeros, it takes every cache for
/// one byte large, divides by what fits into it, and the process dies of SIGFPE in a ResNet-50's training step. Its private record is
/// corrected in memory before the first convolution, and only where it looks exactly as that mistake leaves it; where it looks neither so
/// nor right, oneDNN is kept from AVX-512, whose code is what divides.
/// </remarks>
internal static unsafe class HiddenCaches
{
    private const string LibraryName = "libtorch_cpu.so", ProcessorRecord = "_ZN4dnnl4impl3cpu3x643cpuEv"; // dnnl::impl::cpu::x64::cpu()
    private const int Levels = 3, SizesAt = 7, SharingAt = 17, LevelsAt = 27; // in 32-bit words of Xbyak::util::Cpu

    /// <summary>Corrects oneDNN's record where it is wrong, torch being loaded from <paramref name="directory"/> and not used yet.</summary>
    /// <returns>What was done, in one line; null where nothing had to be.</returns>
    internal static string? Correct(string directory)
    {
        if (!IsAmd) return null;
        string obstacle;
        try
        {
            uint* record = Record(Path.Combine(directory, LibraryName));
            if (IsPlausible(record)) return null;
            if (IsMistaken(record))
            {
                Write(record);
                return "This virtual machine hides its processor's caches: oneDNN was told their usual sizes.";
            }
            obstacle = "its record is laid out in another way";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException) { obstacle = e.Message; }
        if (!LeafIsEmpty) return null;
        Posix.SetEnvironmentDefault("ONEDNN_MAX_CPU_ISA", "AVX2");
        return $"This virtual machine hides its processor's caches, and oneDNN could not be told their sizes ({obstacle}): it "
            + "is kept from AVX-512, which is slower.";
    }

    /// <summary>Whether oneDNN, loaded from <paramref name="directory"/>, believes in caches of the sizes that caches have.</summary>
    /// <exception cref="InvalidDataException">The library is not loaded from there, or does not name its record.</exception>
    internal static bool AreKnown(string directory) => IsPlausible(Record(Path.Combine(directory, LibraryName)));

    internal static bool IsAmd
    {
        get
        {
            const int amd = 0x68747541; // "Auth"
            return X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == amd;
        }
    }

    // Of the core this thread is on just now: some virtual machines answer differently from one core or moment to the next, which is
    // why the record, made once, says what is to be done.
    private static bool LeafIsEmpty =>
        (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax >= 0x8000001D && X86Base.CpuId(unchecked((int)0x8000001D), 0) == default;

    private static uint* Record(string path)
    {
        if (LoadAddress(path) is not { } loaded) throw new InvalidDataException($"{LibraryName} is not loaded from {path}");
        if (ElfSymbols.Find(path, ProcessorRecord) is not { } offset)
            throw new InvalidDataException($"{LibraryName} does not name {ProcessorRecord}");
        return ((delegate* unmanaged<uint*>)(loaded + (nint)offset))(); // makes the record on its first call
    }

    private static bool IsPlausible(uint* record)
    {
        if (record[LevelsAt] is < 2 or > 8) return false;
        for (int i = 0; i < 2; i++)
            if (record[SizesAt + i] is < 8 * 1024 or > 1024 * 1024 * 1024 || record[SharingAt + i] is < 1 or > 4096) return false;
        return true;
    }

    private static bool IsMistaken(uint* record)
    {
        for (int i = 0; i < Levels; i++)
            if (record[LevelsAt] != Levels || record[SizesAt + i] != 1 || record[SharingAt + i] != 1) return false;
        return true;
    }

    private static void Write(uint* record)
    {
        // The older leaves are often left alone: kilobytes a core in the upper bytes. Else oneDNN's own guesses.
        uint first = (uint)X86Base.CpuId(unchecked((int)0x80000005), 0).Ecx >> 24,
            second = (uint)X86Base.CpuId(unchecked((int)0x80000006), 0).Ecx >> 16;
        record[SizesAt] = (first is >= 16 and <= 256 ? first : 32) * 1024;
        record[SizesAt + 1] = (second is >= 256 and <= 16_384 ? second : 512) * 1024;
        record[SizesAt + 2] = 1024 * 1024;
    }

    /// <summary>Where a library is loaded; null where it is not.</summary>
    internal static nint? LoadAddress(string path)
    {
        // "7ff362000000-7ff363000000 r--p 00000000 fe:00 123   /path/libtorch_cpu.so"
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var parts = line.Split(' ', 6, StringSplitOptions.TrimEntries);
            if (parts.Length == 6 && parts[2] == "00000000" && parts[5] == path)
                return nint.Parse(
                    parts[0].AsSpan(0, parts[0].IndexOf('-', StringComparison.Ordinal)), System.Globalization.NumberStyles.HexNumber,
                    System.Globalization.CultureInfo.InvariantCulture);
        }
        return null;
    }
}
