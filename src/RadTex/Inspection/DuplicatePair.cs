namespace RadTex.Inspection;

/// <summary>Two radiographs that show one exposure.</summary>
/// <param name="First">The row of the one; in the dataset that is checked.</param>
/// <param name="Second">The row of the other, in the same dataset or in the one it is checked against.</param>
/// <param name="Similarity">1 where every pixel is the same, else the correlation after alignment.</param>
public readonly record struct DuplicatePair(int First, int Second, double Similarity);
