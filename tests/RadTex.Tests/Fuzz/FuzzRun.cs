using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace RadTex.Tests.Fuzz;

/// <summary>
/// Many damaged files through one reader. Every one must end as a clean result or as the reader's own kind of error, within a time and an
/// allowance of memory. A short slice runs with the tests; <c>bench/fuzz.sh</c> runs the whole, and its figures are in docs/results/fuzz.md.
/// </summary>
internal static class FuzzRun
{
    /// <summary>No file of a whole run may take longer; most take under a millisecond. The slice in the tests does not look at the clock.</summary>
    internal const double MostSeconds = 5;

    /// <summary>What one small damaged file may make the reader allocate, whatever size it claims.</summary>
    internal const long MostBytes = 32 << 20;

    /// <param name="kind">For the report.</param>
    /// <param name="slice">How many files in the normal tests; the whole run is set by RADTEX_FUZZ_DICOM or RADTEX_FUZZ_OTHER.</param>
    /// <param name="seeds">Good files.</param>
    /// <param name="read">Reads one file's bytes; true for a clean result, false for an error of the reader's own kind; anything thrown is a
    /// failure.</param>
    internal static void Run(string kind, int slice, IReadOnlyList<byte[]> seeds, Func<byte[], bool> read)
    {
        var whole = Environment.GetEnvironmentVariable(
            kind.StartsWith("DICOM", StringComparison.Ordinal) ? "RADTEX_FUZZ_DICOM" : "RADTEX_FUZZ_OTHER");
        int count = whole is null ? slice : int.Parse(whole);
        foreach (var seed in seeds) read(seed).ShouldBeTrue($"a good {kind} file is refused");
        var failures = new ConcurrentQueue<string>();
        long clean = 0, refused = 0, mostBytes = 0, slowestTicks = 0;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (trial, loop) =>
        {
            var bytes = Mutator.Mutate(seeds, trial, out int which);
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            try
            {
                if (read(bytes)) Interlocked.Increment(ref clean);
                else Interlocked.Increment(ref refused);
            }
            catch (Exception e)
            {
                failures.Enqueue($"trial {trial} (seed file {which}): {e}");
            }
            long ticks = Stopwatch.GetTimestamp() - start, allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (whole is not null && ticks > MostSeconds * Stopwatch.Frequency)
                failures.Enqueue($"trial {trial} (seed file {which}): took {(double)ticks / Stopwatch.Frequency:0.0} s");
            if (allocated > MostBytes) failures.Enqueue($"trial {trial} (seed file {which}): allocated {allocated:N0} bytes");
            Raise(ref mostBytes, allocated);
            Raise(ref slowestTicks, ticks);
            if (failures.Count >= 10) loop.Stop();
        });
        if (Environment.GetEnvironmentVariable("RADTEX_FUZZ_REPORT") is { } report)
            File.AppendAllText(report, string.Create(
                CultureInfo.InvariantCulture, $"| {kind} | {count:N0} | {clean:N0} | {refused:N0} | {failures.Count} | "
                    + $"{slowestTicks * 1000.0 / Stopwatch.Frequency:0} | {mostBytes / 1048576.0:0.0} | {clock.Elapsed.TotalSeconds:0} |\n"));
        failures.ShouldBeEmpty($"{kind}: {string.Join("\n", failures)}");
        (clean + refused).ShouldBe(count);
        refused.ShouldBeGreaterThan(0);
    }

    private static void Raise(ref long most, long value)
    {
        for (long old = Interlocked.Read(ref most); value > old; old = Interlocked.Read(ref most)) Interlocked.CompareExchange(ref most, value, old);
    }
}
