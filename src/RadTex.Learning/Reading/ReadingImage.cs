using RadTex.Gating;

namespace RadTex.Learning.Reading;

/// <summary>A radiograph to read: its path or, of a dataset, its id; its pixels (Height x Width bytes); and its report where it has one.</summary>
/// <param name="Name">Path or image id.</param>
/// <param name="Pixels">8-bit grey, row by row from the top left.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="TrueText">The radiologist's report; null where it is not known.</param>
/// <param name="PatientId">Of a dataset's row; empty for a file.</param>
public sealed record ReadingImage(string Name, ReadOnlyMemory<byte> Pixels, int Height, int Width, string? TrueText = null, string PatientId = "")
{
    /// <summary>What its file or row states of it.</summary>
    public StatedHeader Stated { get; init; } = new();

    /// <summary>Why it should not be read, where it is read all the same.</summary>
    public Refusal? Refusal { get; init; }
}
