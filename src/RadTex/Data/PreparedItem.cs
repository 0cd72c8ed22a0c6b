using System.Text.Json.Serialization;
using RadTex.Files;
using RadTex.Studies;

namespace RadTex.Data;

/// <summary>What became of one listed radiograph: taken, with its size and text, or left out for a reason. The journal's record.</summary>
/// <param name="Height">Rows of pixels; 0 where it was left out.</param>
/// <param name="Width">Columns of pixels; 0 where it was left out.</param>
/// <param name="Upscaled">Whether the original was smaller than the short side.</param>
/// <param name="Text">The text; null for none.</param>
/// <param name="Reason">Why it was left out; null where it was taken.</param>
/// <param name="Detail">What was found, where it was left out.</param>
/// <param name="View">The view the file states, where its row states none.</param>
/// <param name="Stamp">Of the picture's file, where it was taken.</param>
/// <param name="NoText">Why there is no text, as a <see cref="RejectReason"/>; null where there is one.</param>
/// <param name="SourceHeight">Rows of the picture in its file.</param>
/// <param name="SourceWidth">Columns of the picture in its file.</param>
internal sealed record PreparedItem(
    int Height, int Width, bool Upscaled, string? Text, string? Reason, string? Detail, string? View = null, FileStamp Stamp = default,
    string? NoText = null,
    int SourceHeight = 0, int SourceWidth = 0)
{
    /// <summary>Whether there is a text that was left in the journal: texts are most of what a large archive would hold in memory.</summary>
    [JsonIgnore]
    public bool HasText { get; private init; } = Text is not null;

    internal PreparedItem WithoutText() => this with { Text = null };

    internal static PreparedItem Rejected(string reason, string detail) => new(0, 0, false, null, reason, detail);
}
