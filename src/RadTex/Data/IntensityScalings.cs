namespace RadTex.Data;

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

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static string Name(this IntensityScaling scaling) => All.First(s => s.Value == scaling).Key;

    /// <exception cref="UserErrorException">No such scaling.</exception>
    public static IntensityScaling Parse(string name) =>
        All.TryGetValue(name, out var scaling) ? scaling : throw new UserErrorException($"Intensity scaling '{name}' is not known. Expected {string.Join(", ", Names)}.");
}
