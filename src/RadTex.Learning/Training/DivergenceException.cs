namespace RadTex.Learning.Training;

/// <summary>
/// A loss, gradient or feature that is no number. A training loop throws before the update: its weights are those of the last good one.
/// </summary>
public sealed class DivergenceException : UserErrorException
{
    /// <summary>What is no number, where, and what to change.</summary>
    public DivergenceException(string message) : base(message) { }

    /// <summary>The same, found by another exception.</summary>
    public DivergenceException(string message, Exception inner) : base(message, inner) { }

    /// <summary>A divergence without a message; .NET's pattern asks for it.</summary>
    public DivergenceException() { }
}
