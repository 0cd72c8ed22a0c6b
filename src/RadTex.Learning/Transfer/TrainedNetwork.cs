using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>An encoder and the heads used with it.</summary>
/// <param name="Source">The encoder; disposed of with this.</param>
/// <param name="Heads">Of this encoder; none for the encoder alone.</param>
public sealed record TrainedNetwork(EncoderSource Source, IReadOnlyList<TrainedHead> Heads) : IDisposable
{
    /// <summary>Releases its encoder.</summary>
    public void Dispose() => Source.Dispose();
}
