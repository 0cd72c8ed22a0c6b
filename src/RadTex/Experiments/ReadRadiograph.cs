namespace RadTex.Experiments;

/// <summary>A radiograph with the report written to it and the one a model writes.</summary>
/// <param name="ImageId">The radiograph.</param>
/// <param name="ImagePath">Its picture, relative to the archive's root.</param>
/// <param name="True">The report it came with.</param>
/// <param name="Generated">The model's.</param>
public sealed record ReadRadiograph(string ImageId, string ImagePath, string True, string Generated);
