namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>How a network's three channels (or its one) were standardised: bytes less a mean, divided by a deviation.</summary>
/// <param name="Mean">Of bytes, 0 to 255: red, green, blue; or one.</param>
/// <param name="Deviation">The same; 1 where nothing is divided.</param>
/// <param name="BlueFirst">Whether the network's first channel is blue.</param>
public sealed record ChannelStandardisation(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation, bool BlueFirst = false)
{
    /// <summary>Mean and deviation of each of the network's channels.</summary>
    /// <exception cref="UserErrorException">They are as many as the channels are not, no numbers, or of [0, 1].</exception>
    internal IReadOnlyList<(double Mean, double Deviation)> Of(int channels)
    {
        if (Mean.Count != channels || Deviation.Count != channels)
            throw new UserErrorException(
                $"The network takes {channels} channels; found {Mean.Count} means and {Deviation.Count} deviations. Give one each.");
        if (!Mean.Concat(Deviation).All(double.IsFinite) || Deviation.Any(d => d < 1) || Mean.Any(m => Math.Abs(m) > byte.MaxValue))
            throw new UserErrorException(
                $"Means {string.Join(", ", Mean)} and deviations {string.Join(", ", Deviation)} are not those of bytes: expected means of at most "
                    + "255 and deviations of 1 or more. Multiply those of grey levels in [0, 1] by 255.");
        var pairs = Mean.Zip(Deviation);
        return [.. BlueFirst ? pairs.Reverse() : pairs];
    }
}
