namespace RadTex.Data;

/// <summary>The names of intensity scalings in cards and configurations.</summary>
public static class IntensityScalings
{
    public static string Name(this IntensityScaling scaling) => scaling == IntensityScaling.ImageNet ? "imagenet" : "max";

    /// <exception cref="UserErrorException">No such scaling.</exception>
    public static IntensityScaling Parse(string name) => name switch
    {
        "max" => IntensityScaling.Max,
        "imagenet" => IntensityScaling.ImageNet,
        _ => throw new UserErrorException($"Intensity scaling '{name}' is not known. Expected max or imagenet."),
    };
}
