namespace RadTex.Imaging;

/// <summary>The names of intensities in manifests, cards and commands.</summary>
public static class ImageIntensities
{
    /// <summary>Every name, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<ImageIntensity>().Select(Name)];

    /// <summary>"display", "liao" or "equalised", as manifests and cards name it.</summary>
    public static string Name(this ImageIntensity intensity) => intensity switch
    {
        ImageIntensity.Display => "display",
        ImageIntensity.Liao => "liao",
        _ => "equalised",
    };

    /// <summary>The intensity of a name, such as "display".</summary>
    /// <exception cref="UserErrorException">No such intensity.</exception>
    public static ImageIntensity Parse(string name) =>
        Enum.GetValues<ImageIntensity>().Where(i => i.Name() == name).Cast<ImageIntensity?>().FirstOrDefault()
        ?? throw new UserErrorException($"Intensity '{name}' is not known. Expected {string.Join(", ", Names)}.");
}
