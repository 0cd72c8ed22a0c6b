namespace RadTex.Learning.Kernels;

/// <summary>A stretch of rows of C values, channels innermost, of up to five arrays of one shape: what a pass of <see cref="ChannelPasses"/> reads
/// and writes. An address of 0 is an array that is not there.</summary>
/// <param name="First">Row the pass begins at.</param>
/// <param name="End">One past its last row.</param>
/// <param name="C">Values a row, a multiple of <see cref="Lanes.Count"/>.</param>
internal readonly record struct ChannelRows(long First, long End, int C)
{
    /// <summary>What was normalised.</summary>
    internal nint X { get; init; }

    /// <summary>What is added before the ReLU.</summary>
    internal nint Added { get; init; }

    /// <summary>What came out of the ReLU: where it is over zero, gradients pass.</summary>
    internal nint Passed { get; init; }

    /// <summary>The gradient of what came out.</summary>
    internal nint Gradient { get; init; }

    /// <summary>Where the pass writes.</summary>
    internal nint Result { get; init; }
}
