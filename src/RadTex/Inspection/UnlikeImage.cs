namespace RadTex.Inspection;

/// <summary>A radiograph and how it differs from the others of its view.</summary>
/// <param name="Index">Its row.</param>
/// <param name="ImageId">Its id.</param>
/// <param name="Likeness">The correlation with the typical picture of its view, at 24 x 24 pixels: 1 equal, 0 unlike, -1 its negative.</param>
/// <param name="Marks">What stands out: inverted, turned, unlike the rest, nearly blank, plain border.</param>
public sealed record UnlikeImage(int Index, string ImageId, double Likeness, IReadOnlyList<string> Marks);
