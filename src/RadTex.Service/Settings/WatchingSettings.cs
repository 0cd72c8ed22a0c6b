namespace RadTex.Service.Settings;

/// <summary>Where traces and metrics go beside the Prometheus page.</summary>
public sealed record WatchingSettings
{
    /// <summary>An OpenTelemetry collector's address, OTLP over HTTP; null for none.</summary>
    public string? Otlp { get; init; }
}
