namespace RadTex.Imaging.Transforms;

/// <summary>The names of intensity scalings in cards and configurations.</summary>
public static class IntensityScalings
{
    private static readonly Dictionary<string, IntensityScaling> All = new()
    {
        ["max"] = IntensityScaling.Max,
        ["imagenet"] = IntensityScaling.ImageNet,
        ["imagenet255"] = IntensityScaling.ImageNet255,
        ["plusminus1024"] = IntensityScaling.PlusMinus1024,
    };

    private static readonly (double Mean, double Deviation)[]
        ImageNetChannels = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)],
        ImageNetGrey = [(0.449, 0.226)];

    /// <summary>Every name that a card or a configuration may hold.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>The scaling's name, such as "max" or "plusminus1024".</summary>
    public static string Name(this IntensityScaling scaling) => All.First(s => s.Value == scaling).Key;

    /// <summary>
    /// By which mean and deviation each channel standardises grey levels of [0, 1]: a byte divided by 255 or, of "max" and "imagenet", by the
    /// image's largest value.
    /// </summary>
    internal static IReadOnlyList<(double Mean, double Deviation)> Standardisation(this IntensityScaling scaling, int channels) => scaling switch
    {
        IntensityScaling.ImageNet or IntensityScaling.ImageNet255 => channels == 1 ? ImageNetGrey : ImageNetChannels,
        IntensityScaling.PlusMinus1024 => [.. Enumerable.Repeat((0.5, 1 / 2048.0), channels)],
        _ => [.. Enumerable.Repeat((0.0, 1.0), channels)],
    };

    /// <summary>The scaling of a name, such as "max".</summary>
    /// <exception cref="UserErrorException">No such scaling.</exception>
    public static IntensityScaling Parse(string name) =>
        All.TryGetValue(name, out var scaling)
            ? scaling
            : throw new UserErrorException($"Intensity scaling '{name}' is not known. Expected {string.Join(", ", Names)}.");
}
