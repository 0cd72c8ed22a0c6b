namespace RadTex.Learning.Training;

/// <summary>One line of a run's log.</summary>
/// <param name="Kind">"train" or "validation".</param>
/// <param name="Step">Updates done.</param>
/// <param name="Epoch">Passes over the training data done, with fractions.</param>
/// <param name="ElapsedSeconds">Time in the loop.</param>
/// <param name="UnixSeconds">When it was written.</param>
/// <param name="Values">The figures by name, such as forward and backward (nats per token).</param>
public sealed record LogLine(
    string Kind, long Step, double Epoch, double ElapsedSeconds, double UnixSeconds, IReadOnlyDictionary<string, double> Values);
