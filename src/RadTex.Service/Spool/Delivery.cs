namespace RadTex.Service.Spool;

/// <summary>A file on its way to a destination.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Instance">The instance that it answers.</param>
/// <param name="Destination">Its name.</param>
/// <param name="File">The file's name in the spool.</param>
/// <param name="Uid">Its SOP instance UID.</param>
/// <param name="Attempts">How often it failed.</param>
internal sealed record Delivery(long Id, long Instance, string Destination, string File, string Uid, int Attempts)
{
    /// <summary>When the instance it answers was received.</summary>
    public DateTimeOffset Received { get; init; }
}
