namespace RadTex.Reading;

/// <summary>A radiograph to read: its path or, of a dataset, its id; its pixels (Height x Width bytes); and its report where it has one.</summary>
public sealed record ReadingImage(string Name, ReadOnlyMemory<byte> Pixels, int Height, int Width, string? TrueText = null, string PatientId = "");
