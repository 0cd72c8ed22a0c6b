using System.Collections.Concurrent;
using TorchSharp;

namespace RadTex.Learning.Models;

/// <summary>Numbers that are handed to torch, kept for good: those of the code and of the configuration. Others are <c>using Scalar</c>s.</summary>
/// <remarks>
/// TorchSharp wraps a number in an object whose finalizer frees the native one, and does not keep it alive during the call: one made on the way
/// (<c>tensor * 0.5</c>, also the 1 that <c>a + b</c> and <c>add_(b)</c> imply) may be collected by another thread's garbage collection while
/// torch still reads it. On crowded machines that happened three times, each time where torch could tell that the number made no sense.
/// <c>ScalarsTests</c> reads the compiled code for such calls.
/// </remarks>
internal static class Scalars
{
    internal static readonly Scalar One = 1;

    private static readonly ConcurrentDictionary<double, Scalar> reals = [];
    private static readonly ConcurrentDictionary<long, Scalar> integers = [];

    internal static Scalar Of(double value) => reals.GetOrAdd(value, static value => value);

    internal static Scalar Of(long value) => integers.GetOrAdd(value, static value => value);
}
