namespace RadTex.Learning.Reading;

/// <summary>What a model wrote about one radiograph.</summary>
/// <param name="Image">The radiograph.</param>
/// <param name="View">What the model saw: the centre crop, Side x Side bytes.</param>
/// <param name="Side">Pixels.</param>
/// <param name="Text">The findings.</param>
/// <param name="LogProbability">Of the whole, in nats.</param>
/// <param name="IsComplete">Whether the model ended it; false where it was cut at the longest length.</param>
/// <param name="Words">Its words.</param>
/// <param name="GridSide">Values along each side of the words' maps.</param>
public sealed record ReadReport(
    ReadingImage Image, ReadOnlyMemory<byte> View, int Side, string Text, double LogProbability, bool IsComplete, IReadOnlyList<ReadWord> Words,
    int GridSide);
