namespace RadTex.Files;

/// <summary>A file of a bundle, as its manifest names it.</summary>
/// <param name="Name">Its path in the bundle, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record BundledFile(string Name, long Bytes, string Sha256);
