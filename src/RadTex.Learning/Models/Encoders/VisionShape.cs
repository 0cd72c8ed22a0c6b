namespace RadTex.Learning.Models.Encoders;

/// <summary>What tells one vision transformer from another, but for its width.</summary>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Attention heads H.</param>
/// <param name="Patch">Side of a patch in pixels.</param>
/// <param name="Pooling">How tokens become one vector.</param>
/// <param name="HasLayerScale">Whether each branch's output is multiplied by learned factors (DINOv2).</param>
/// <param name="Registers">Tokens beside the class token that belong to no patch; the class token then has no position, as in timm.</param>
internal sealed record VisionShape(
    int Layers, int Heads, int Patch, TokenPooling Pooling = TokenPooling.Class, bool HasLayerScale = false, int Registers = 0)
{
    /// <summary>Whether there is a class token.</summary>
    internal bool HasClassToken => Pooling != TokenPooling.Mean;

    /// <summary>Tokens before the first patch.</summary>
    internal int Prefix => (HasClassToken ? 1 : 0) + Registers;

    /// <summary>Positions before the first patch's.</summary>
    internal int PrefixPositions => HasClassToken && Registers == 0 ? 1 : 0;
}
