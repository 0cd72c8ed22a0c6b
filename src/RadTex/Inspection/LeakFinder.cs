using System.Globalization;
using CsvHelper;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Inspection;

/// <summary>
/// Proves that splits are apart: no radiograph, nor a copy of it, in two splits of a dataset; and nothing of the test split of another dataset,
/// be it a patient or a picture, in training or validation.
/// </summary>
public static class LeakFinder
{
    private static readonly string[] Columns = ["image_id", "split", "other_dataset", "other_image_id", "other_split", "similarity"];

    /// <summary>Every leak of <paramref name="dataset"/>, copies across its own splits first.</summary>
    /// <param name="dataset">The dataset, for instance one to pretrain on.</param>
    /// <param name="against">Folders of datasets whose test splits it must not know.</param>
    /// <param name="progress">Gets how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="UserErrorException">A folder is no prepared dataset.</exception>
    public static IReadOnlyList<Leak> Find(
        PreparedDataset dataset, IReadOnlyList<string> against, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default) =>
        Compare(dataset, against, progress, cancellation).Leaks;

    /// <summary>The same, and what each of the others was compared by.</summary>
    /// <inheritdoc cref="Find"/>
    public static (IReadOnlyList<Leak> Leaks, IReadOnlyList<LeakComparison> Comparisons) Compare(
        PreparedDataset dataset, IReadOnlyList<string> against, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var comparisons = new List<LeakComparison>();
        var leaks = DuplicateFinder.Find(dataset, acrossSplitsOnly: true, progress, cancellation)
            .Select(pair => Between(dataset[pair.First], dataset[pair.Second], pair.Similarity)).ToList();
        foreach (var folder in against)
        {
            using var other = PreparedDataset.Open(folder);
            Leak[] found = [.. FindAgainst(dataset, other, progress, cancellation)];
            leaks.AddRange(found);
            var tested = other.IndicesOf(Split.Test);
            comparisons.Add(new(
                folder, ComparesPatients(dataset, other) ? tested.Select(i => other[i].PatientId).Distinct().Count() : null, tested.Count,
                dataset.IndicesOf(Split.Train).Count + dataset.IndicesOf(Split.Validate).Count, found.DistinctBy(l => l.ImageId).Count()));
        }
        return (leaks, comparisons);
    }

    /// <summary>Writes leaks as a table; <c>radtex prepare --exclude</c> takes it.</summary>
    public static void WriteList(string path, IEnumerable<Leak> leaks) => AtomicFile.Write(path, stream =>
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(Columns);
        foreach (var leak in leaks)
            csv.WriteRecord([
                leak.ImageId, leak.Split.Name(), leak.OtherDataset ?? "", leak.OtherImageId ?? "", leak.OtherSplit.Name(),
                leak.Similarity?.ToString("F4", CultureInfo.InvariantCulture) ?? ""]);
    });

    private static IEnumerable<Leak> FindAgainst(
        PreparedDataset dataset, PreparedDataset other, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        int[] learnt = [.. dataset.IndicesOf(Split.Train), .. dataset.IndicesOf(Split.Validate)];
        var known = new HashSet<int>();
        if (ComparesPatients(dataset, other))
        {
            var patients = other.IndicesOf(Split.Test).Select(i => other[i].PatientId).ToHashSet();
            foreach (int i in learnt)
            {
                if (!patients.Contains(dataset[i].PatientId)) continue;
                known.Add(i);
                yield return new Leak(dataset[i].ImageId, dataset[i].Split, other.Folder, null, Split.Test, null);
            }
        }
        foreach (var pair in DuplicateFinder.FindBetween(dataset, learnt, other, other.IndicesOf(Split.Test), progress, cancellation))
            if (!known.Contains(pair.First))
                yield return new Leak(
                    dataset[pair.First].ImageId, dataset[pair.First].Split, other.Folder, other[pair.Second].ImageId, Split.Test, pair.Similarity);
    }

    private static bool ComparesPatients(PreparedDataset dataset, PreparedDataset other) =>
        PatientDomain.Of(dataset.Manifest).SharesIdsWith(PatientDomain.Of(other.Manifest));

    private static Leak Between(PreparedRadiograph first, PreparedRadiograph second, double similarity)
    {
        var (out1, kept) = first.Split < second.Split ? (first, second) : (second, first);
        return new Leak(out1.ImageId, out1.Split, null, kept.ImageId, kept.Split, similarity);
    }
}
