using TorchSharp;

namespace RadTex.Models;

/// <summary>Numbers that are handed to torch at every step, kept for good.</summary>
/// <remarks>
/// TorchSharp wraps a number in an object whose finalizer frees the native one, and does not keep it alive during the call: one made on the way
/// (also the 1 that <c>a + b</c> and <c>add_(b)</c> imply) may be collected by another thread's garbage collection while torch still reads it. On
/// a crowded machine that happened twice in some hundred thousand updates, both times where torch could tell that the number made no sense.
/// </remarks>
internal static class Scalars
{
    internal static readonly Scalar One = 1;
}
