namespace RadTex.Studio.Projects;

/// <summary>A row of a project: what a reader did, and what he or she could see while doing it. Nothing of it is ever changed.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Reader">A handle, never a name of a person; empty for the program.</param>
/// <param name="Finding">The finding asked for; empty where it is of none.</param>
/// <param name="Picture">The picture's SHA-256, lower-case hexadecimal; empty where it is of none.</param>
/// <param name="Value">The answer: a class as a number, "uncertain" or "not assessable".</param>
public sealed record StudioEvent(EventKind Kind, string Reader = "", string Finding = "", string Picture = "", string Value = "")
{
    /// <summary>Its number in the file, from 1; 0 before it is written.</summary>
    public long Id { get; init; }

    /// <summary>When, in UTC, to the millisecond; never before the event before.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>"sure" or empty.</summary>
    public string Confidence { get; init; } = "";

    /// <summary>How long the picture was in view, in milliseconds; null where it was not.</summary>
    public long? MillisecondsInView { get; init; }

    /// <summary>The window used, such as "centre 2048 width 4096".</summary>
    public string Window { get; init; } = "";

    /// <summary>What of the model could be seen at that moment: empty, or words such as "probability map".</summary>
    public string Visible { get; init; } = "";

    /// <summary>The policy that chose the picture.</summary>
    public string Policy { get; init; } = "";

    /// <summary>The chance of a patient of the pool to be in the reserve, for what comes from it; else null.</summary>
    public double? Propensity { get; init; }

    /// <summary>The hash of the head that chose, or that was seen; empty for none.</summary>
    public string Model { get; init; } = "";

    /// <summary>The event that this one is about, such as the one it takes back; null for none.</summary>
    public long? Of { get; init; }

    /// <summary>A reason, or settings as JSON.</summary>
    public string Note { get; init; } = "";
}
