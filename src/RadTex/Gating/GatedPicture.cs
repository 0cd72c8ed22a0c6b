using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>A picture that the gate has looked at, before an encoder has.</summary>
public sealed class GatedPicture
{
    internal GatedPicture(Refusal? refusal, PictureShape shape) => (Refusal, Shape) = (refusal, shape);

    /// <summary>Why it is not judged; null where nothing speaks against it so far.</summary>
    public Refusal? Refusal { get; }

    /// <summary>What the gate looks at once more, beside the features.</summary>
    internal PictureShape Shape { get; }
}
