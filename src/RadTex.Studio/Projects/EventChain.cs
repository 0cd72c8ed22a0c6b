using System.Globalization;
using RadTex.Files;

namespace RadTex.Studio.Projects;

/// <summary>The chain that ties every event to all before it, over all that is kept of an event.</summary>
internal static class EventChain
{
    /// <summary>The code before the first event.</summary>
    internal static byte[] Root => FieldChain.Root;

    /// <summary>The code of an event.</summary>
    internal static byte[] Next(ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, StudioEvent of) => FieldChain.Next(
        key, before, of.Id.ToString(CultureInfo.InvariantCulture), of.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        of.Kind.ToString(), of.Reader, of.Finding, of.Picture, of.Value, of.Confidence,
        of.MillisecondsInView?.ToString(CultureInfo.InvariantCulture), of.Window, of.Visible, of.Policy,
        of.Propensity?.ToString("R", CultureInfo.InvariantCulture), of.Model, of.Of?.ToString(CultureInfo.InvariantCulture), of.Note);
}
