namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// A pickle holds something that is not read; the message names it. Becomes a <see cref="UserErrorException"/> where the file is known.
/// </summary>
internal sealed class PickleRefusedException : Exception
{
    public PickleRefusedException(string message) : base(message) { }

    public PickleRefusedException(string message, Exception inner) : base(message, inner) { }

    public PickleRefusedException() { }
}
