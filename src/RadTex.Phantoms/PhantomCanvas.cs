namespace RadTex.Phantoms;

/// <summary>The layers of one radiograph while it is drawn. A worker keeps one for each picture size it meets.</summary>
internal sealed class PhantomCanvas(int width, int height)
{
    internal int Width { get; } = width;

    internal int Height { get; } = height;

    /// <summary>Soft tissue along the ray in centimetres of water, without lungs.</summary>
    internal FloatPlane Body { get; } = new(width, height);

    /// <summary>Coverage of both lungs, 0..1.</summary>
    internal FloatPlane LungMask { get; } = new(width, height);

    /// <summary>Lung along the ray in centimetres, the heart's share already taken away.</summary>
    internal FloatPlane LungDepth { get; } = new(width, height);

    /// <summary>Heart and great vessels along the ray in centimetres.</summary>
    internal FloatPlane Heart { get; } = new(width, height);

    /// <summary>Blood in lung vessels along the ray in centimetres.</summary>
    internal FloatPlane Vessels { get; } = new(width, height);

    /// <summary>The share of the lung's air that fluid has replaced, 0..1.</summary>
    internal FloatPlane Fluid { get; } = new(width, height);

    /// <summary>The share of the lung's depth that is free pleural air, 0..1.</summary>
    internal FloatPlane PleuralAir { get; } = new(width, height);

    /// <summary>Bones, devices and fine lines: optical density (natural units of attenuation) to be added.</summary>
    internal FloatPlane Density { get; } = new(width, height);

    internal FloatPlane Layer { get; } = new(width, height);

    internal FloatPlane Layer2 { get; } = new(width, height);

    internal FloatPlane Scratch { get; } = new(width, height);

    internal void Clear()
    {
        foreach (var plane in new[] { Body, LungMask, LungDepth, Heart, Vessels, Fluid, PleuralAir, Density }) plane.Clear();
    }
}
