using RadTex.Service.Spool;

namespace RadTex.Service.Doors;

/// <summary>What became of what was given: it is in the queue, was there already, or is refused.</summary>
/// <param name="Instance">Its row; null where it is refused.</param>
/// <param name="Refusal">Why; null where it is not.</param>
/// <param name="IsNew">Whether it was not there before.</param>
internal sealed record Receipt(QueuedInstance? Instance, RefusalReason? Refusal, bool IsNew)
{
    /// <summary>Its SOP class and instance where they could be read and are valid, for answers that name them; else empty.</summary>
    public (string Class, string Instance) Sop { get; init; } = ("", "");
}
