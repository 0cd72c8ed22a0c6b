using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>Within what a patient's id means one person.</summary>
/// <param name="Synthetic">The radiographs are drawn: an id means nothing beyond its own drawing.</param>
/// <param name="Archive">The archive whose ids these are; null where it is not known, as for tables and folders of one's own.</param>
/// <param name="Tables">SHA-256 of the tables the dataset was made from: what tells one drawing from another.</param>
public sealed record PatientDomain(bool Synthetic, string? Archive, IReadOnlyList<string> Tables)
{
    /// <summary>The domain of a prepared dataset's patients, from the archive and the tables its manifest names.</summary>
    public static PatientDomain Of(DatasetManifest manifest) =>
        new(manifest.Synthetic, manifest.Source.Archive, [.. manifest.Source.Tables.Values.Order(StringComparer.Ordinal)]);

    /// <summary>
    /// Whether an id that is in both means one patient. Tables and folders of one's own may hold patients of any archive, so their ids count
    /// everywhere unless they were said to be of an archive; the ids of phantoms count within their own drawing, or where it is not known.
    /// </summary>
    public bool SharesIdsWith(PatientDomain other)
    {
        if (Synthetic || other.Synthetic)
            return Synthetic && other.Synthetic
                && (Tables.Count == 0 || other.Tables.Count == 0 || Tables.Intersect(other.Tables, StringComparer.Ordinal).Any());
        return Archive is null || other.Archive is null || Archive == other.Archive;
    }
}
