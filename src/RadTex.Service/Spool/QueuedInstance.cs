namespace RadTex.Service.Spool;

/// <summary>A row of the queue.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Identity">By which it is known again: the SOP instance UID, or the content's hash.</param>
/// <param name="Content">SHA-256 of its content, lower-case hexadecimal.</param>
/// <param name="Kind">What it is.</param>
/// <param name="SopInstance">Of a DICOM instance; else empty.</param>
/// <param name="Source">The file's name in the spool.</param>
internal sealed record QueuedInstance(long Id, string Identity, string Content, InstanceKind Kind, string SopInstance, string Source)
{
    public string Study { get; init; } = "";

    /// <summary>The door it came by.</summary>
    public string Door { get; init; } = "";

    /// <summary>The application entity title it was sent to; empty where that is not known.</summary>
    public string CalledAe { get; init; } = "";

    /// <summary>The model that was asked for by name; empty where the rules choose.</summary>
    public string Model { get; init; } = "";

    /// <summary>What rules and reports need of a DICOM instance, as JSON; empty for pictures, and once all is sent.</summary>
    public string Header { get; init; } = "";

    public InstanceState State { get; init; }

    /// <summary>How often its judging was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The answer as JSON; null before it is judged.</summary>
    public string? Answer { get; init; }

    public DateTimeOffset Received { get; init; }
}
