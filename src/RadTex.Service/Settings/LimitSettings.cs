using System.ComponentModel.DataAnnotations;

namespace RadTex.Service.Settings;

/// <summary>What is refused before it does harm.</summary>
public sealed record LimitSettings
{
    /// <summary>The largest instance or picture.</summary>
    [Range(1, 256)]
    public int InstanceMegabytes { get; init; } = 64;

    /// <summary>The largest request, of several instances.</summary>
    [Range(1, 4096)]
    public int RequestMegabytes { get; init; } = 256;

    /// <summary>How long a request may take to arrive.</summary>
    [Range(1, 3600)]
    public int RequestSeconds { get; init; } = 120;

    /// <summary>How long a request waits for its answer; then it is told where to ask again.</summary>
    [Range(0, 3600)]
    public int AnswerSeconds { get; init; } = 30;

    /// <summary>Requests a minute of one key or address.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 6000;

    /// <summary>Instances that may wait to be judged.</summary>
    [Range(1, 1_000_000)]
    public int Waiting { get; init; } = 20_000;

    /// <summary>Room on the spool's disk below which nothing more is taken.</summary>
    [Range(0, 1_000_000)]
    public int FreeMegabytes { get; init; } = 1024;

    /// <summary>Pictures a forward pass.</summary>
    [Range(1, 64)]
    public int Batch { get; init; } = 2;

    /// <summary>Days that answers are kept after they were sent, to answer duplicates; 0 keeps them for ever.</summary>
    [Range(0, 36500)]
    public int KeepDays { get; init; } = 90;

    internal long InstanceBytes => (long)InstanceMegabytes << 20;
}
