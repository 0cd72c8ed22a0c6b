using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Testing;

/// <summary>
/// Random tensors of a test: each test has a stream of its own that its name seeds, so that they depend neither on the order of tests nor on what
/// runs beside it. torch's own generator belongs to the process: only tests of the collection <c>SerialTorch</c> may use it.
/// </summary>
internal static class Draw
{
    private static readonly ConditionalWeakTable<object, Generator> Streams = [];

    /// <summary>The stream of the running test.</summary>
    internal static Generator Stream
    {
        get
        {
            var test = TestContext.Current.Test ?? throw new InvalidOperationException("random tensors are drawn inside a test");
            return Streams.GetValue(test, t => new Generator(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(((Xunit.Sdk.ITest)t).TestDisplayName))));
        }
    }

    /// <summary>Values ~ N(0, 1).</summary>
    internal static Tensor Normal(long[] shape, ScalarType type = ScalarType.Float32) => randn(shape, dtype: type, generator: Stream);

    /// <summary>Values in [0, 1).</summary>
    internal static Tensor Uniform(long[] shape, ScalarType type = ScalarType.Float32) => rand(shape, dtype: type, generator: Stream);

    /// <summary>Values 0 to <paramref name="end"/> - 1, int64.</summary>
    internal static Tensor Integers(long end, long[] shape) => randint(0, end, shape, dtype: ScalarType.Int64, generator: Stream);
}
