namespace RadTex.Experiments.Reproduction;

/// <summary>What an encoder's speed follows from.</summary>
/// <param name="Architecture">Such as resnet18.</param>
/// <param name="Width">Channels of its first stage.</param>
/// <param name="Side">Of its input, in pixels.</param>
public sealed record NetworkSize(string Architecture, int Width, int Side)
{
    /// <summary>About how many multiply-adds a radiograph takes, in units of 1e9.</summary>
    internal double Work => Architecture switch
    {
        "resnet18" => 1.8,
        "resnet18-mlnet" => 2.0,
        "resnet34" => 3.6,
        "resnet101" => 7.8,
        "densenet121" => 2.9,
        ['v', 'i', 't', '-', 't', ..] => 1.3,
        ['v', 'i', 't', '-', 's', ..] => 4.6,
        ['v', 'i', 't', '-', 'b', ..] => 17.6,
        _ =>
        4.1
    } * Math.Pow(Width / 64.0, 2) * Math.Pow(Side / 224.0, 2);

    /// <summary>As pages name it, such as "resnet18, width 64, 224 px".</summary>
    public override string ToString() => $"{Architecture}, width {Width}, {Side} px";
}
