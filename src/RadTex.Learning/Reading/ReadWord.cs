namespace RadTex.Learning.Reading;

/// <summary>A generated word.</summary>
/// <param name="Text">As it stands in the report.</param>
/// <param name="SpaceBefore">Whether a space parts it from the word before.</param>
/// <param name="Probability">That of its pieces, each given all before it.</param>
/// <param name="Map">What the word depends on in the picture, row by row; see <see cref="MapKind"/>. Attention has the sum 1 (the mean over pieces,
/// layers and heads).</param>
public sealed record ReadWord(string Text, bool SpaceBefore, double Probability, IReadOnlyList<float> Map);
