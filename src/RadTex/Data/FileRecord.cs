namespace RadTex.Data;

/// <summary>A file of a prepared dataset: its length in bytes and its SHA-256 in lower-case hexadecimal.</summary>
public sealed record FileRecord(long Bytes, string Sha256);
