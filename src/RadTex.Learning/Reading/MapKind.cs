namespace RadTex.Learning.Reading;

/// <summary>What a word's map shows.</summary>
public enum MapKind
{
    /// <summary>The decoder's cross-attention while it wrote the word.</summary>
    Attention,

    /// <summary>Grad-CAM of the word's log-probability.</summary>
    GradCam,

    /// <summary>LayerCAM of the word's log-probability: finer, from an earlier stage.</summary>
    LayerCam,

    /// <summary>The cross-attention followed through the encoder's own layers to the picture's patches; of encoders with attention.</summary>
    RollOut,

    /// <summary>How much the word's log-probability falls where a square is hidden: one forward pass a square.</summary>
    Occlusion,
}
