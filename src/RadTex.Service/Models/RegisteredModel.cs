namespace RadTex.Service.Models;

/// <summary>A name of the registry.</summary>
/// <param name="Current">SHA-256 of the file it stands for, lower-case hexadecimal.</param>
/// <param name="Former">The files it stood for before, the latest last.</param>
public sealed record RegisteredModel(string Current, IReadOnlyList<string> Former);
