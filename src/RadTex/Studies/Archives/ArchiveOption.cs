namespace RadTex.Studies.Archives;

/// <summary>An option that one archive has of its own, as data: a front end makes a flag, a field or a key of it.</summary>
/// <param name="Name">In lower case with hyphens, such as <c>label-columns</c>.</param>
/// <param name="Help">What it is for, a sentence or two.</param>
/// <param name="ValueName">What stands for its value in help, such as <c>DIR</c>; null where <paramref name="Choices"/> say it.</param>
/// <param name="Default">Its value where none is given; null for none.</param>
/// <param name="Choices">The values it may have; null for any.</param>
public sealed record ArchiveOption(
    string Name, string Help, string? ValueName = null, string? Default = null, IReadOnlyList<string>? Choices = null)
{
    /// <exception cref="UserErrorException">The value is not among the choices.</exception>
    internal string? Check(string? value) => Choices is null || (value is not null && Choices.Contains(value))
        ? value
        : throw new UserErrorException($"The setting '{Name}' = {value}: expected {string.Join(", ", Choices.SkipLast(1))} or {Choices[^1]}.");
}
