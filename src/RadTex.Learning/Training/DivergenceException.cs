namespace RadTex.Learning.Training;

/// <summary>
/// A loss, gradient or feature that is no number. A training loop throws before the update: its weights are those of the last good one.
/// </summary>
public sealed class DivergenceException : UserErrorException
{
    public DivergenceException(string message) : base(message) { }

    public DivergenceException(string message, Exception inner) : base(message, inner) { }

    public DivergenceException() { }
}
