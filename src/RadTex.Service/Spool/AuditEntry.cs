namespace RadTex.Service.Spool;

/// <summary>A line of the audit: who gave what, what was said of it by which model, and where that went. No text of a patient's is in it.</summary>
/// <param name="Kind">What happened.</param>
internal sealed record AuditEntry(AuditKind Kind)
{
    /// <summary>Its number, from 1; 0 before it is written.</summary>
    public long Id { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset Time { get; init; }

    public string Door { get; init; } = "";

    /// <summary>A token's name, an application entity or an address.</summary>
    public string Who { get; init; } = "";

    public string SopInstance { get; init; } = "";

    public string Study { get; init; } = "";

    /// <summary>The model file's SHA-256.</summary>
    public string Model { get; init; } = "";

    /// <summary>The probabilities as JSON, or the rule by which it was not judged.</summary>
    public string Output { get; init; } = "";

    public string Destination { get; init; } = "";

    /// <summary>A fixed word, such as the reason of a refusal.</summary>
    public string Note { get; init; } = "";
}
