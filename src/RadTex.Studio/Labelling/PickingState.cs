namespace RadTex.Studio.Labelling;

/// <summary>What the next pictures of a reader and a finding are chosen by, copied at one moment.</summary>
/// <param name="Reader">The reader's handle.</param>
/// <param name="Finding">Which finding.</param>
/// <param name="Taken">Pictures chosen for this reader before.</param>
/// <param name="OfOthers">Pictures chosen for other readers.</param>
/// <param name="Labelled">Pictures with a class that counts.</param>
/// <param name="Own">This reader's answers by picture.</param>
/// <param name="Seen">Those of them where this reader looked at map or report: no repeat of them would be blind.</param>
internal sealed record PickingState(
    string Reader, string Finding, IReadOnlySet<string> Taken, IReadOnlyList<string> OfOthers, IReadOnlyList<(string Picture, int Class)> Labelled,
    IReadOnlyDictionary<string, PictureLabels> Own, IReadOnlySet<string> Seen)
{
    /// <summary>
    /// Pictures whose label was brought in: no policy asks for them, the reserve does, since its figures are of answers given here.
    /// </summary>
    internal IReadOnlySet<string> Imported { get; init; } = new HashSet<string>();

    internal static PickingState Of(LabelBook book, string reader, string finding)
    {
        var own = book.Of(reader, finding);
        return new(
            reader, finding, book.Picked(reader, finding).ToHashSet(),
            [.. book.Readers.Where(r => r != reader).SelectMany(r => book.Picked(r, finding)).Distinct()], book.Labelled(finding),
            own.ToDictionary(), own.Keys.Where(p => book.HasSeen(reader, p)).ToHashSet())
        {
            Imported = book.Imported(finding).Keys.ToHashSet(),
        };
    }
}
