using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>
/// The generator that random numbers inside a training loss come from: seeded for each part of a batch, and this thread's own, so that trainings side
/// by side neither disturb each other nor torch's own generator, of which a process has one.
/// </summary>
/// <remarks>
/// On the CPU nothing of the process is touched. Dropout on a GPU draws from that GPU's generator, which torch does not let one pass: the loop seeds
/// it for each part, so a process trains one model at a time there.
/// </remarks>
public static class StepGenerator
{
    [ThreadStatic]
    private static Generator? current;

    /// <summary>This thread's generator while a training loop computes a loss on it; else null, which to torch's functions is their own.</summary>
    public static Generator? Current => current;

    /// <summary>Makes a generator of that seed this thread's until the result is disposed of.</summary>
    internal static IDisposable Begin(long seed) => new Step(seed);

    private sealed class Step : IDisposable
    {
        private readonly Generator own;
        private readonly Generator? outer = current;

        internal Step(long seed) => current = own = new Generator((ulong)seed);

        public void Dispose()
        {
            current = outer;
            own.Dispose();
        }
    }
}
