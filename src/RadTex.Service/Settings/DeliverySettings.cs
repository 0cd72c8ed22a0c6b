using System.ComponentModel.DataAnnotations;

namespace RadTex.Service.Settings;

/// <summary>How often a delivery is tried again: after a while that doubles, to a limit; then it is dead until a person retries it.</summary>
public sealed record DeliverySettings
{
    /// <summary>After so many failed tries a delivery is dead.</summary>
    [Range(1, 1000)]
    public int Attempts { get; init; } = 20;

    /// <summary>The wait after the first failed try.</summary>
    [Range(0.01, 3600)]
    public double FirstSeconds { get; init; } = 1;

    /// <summary>The longest wait between two tries.</summary>
    [Range(0.01, 86400)]
    public double LongestSeconds { get; init; } = 600;

    /// <summary>How long one try may take.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>The wait after so many failed tries.</summary>
    internal TimeSpan Wait(int failed) => TimeSpan.FromSeconds(Math.Min(LongestSeconds, FirstSeconds * Math.Pow(2, Math.Min(failed - 1, 60))));
}
