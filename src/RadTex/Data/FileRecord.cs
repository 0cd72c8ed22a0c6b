namespace RadTex.Data;

/// <summary>A file of a prepared dataset: its length in bytes and its SHA-256 in lower-case hexadecimal.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">64 digits.</param>
public sealed record FileRecord(long Bytes, string Sha256);
