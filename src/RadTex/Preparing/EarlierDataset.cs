using System.Runtime.InteropServices;
using RadTex.Data;
using RadTex.Files;

namespace RadTex.Preparing;

/// <summary>
/// A dataset that is being updated: pictures whose files have not changed since are taken over from it instead of being decoded again.
/// Its <c>stamps.npy</c> (n x 5, int64) says of each row how long the file was, when it was written, whether the picture was enlarged, and its rows
/// and columns there. The dataset's hash does not cover that file: it speaks of the archive, not of the radiographs.
/// </summary>
internal sealed class EarlierDataset : IDisposable
{
    internal const string StampsName = "stamps.npy";

    private const int Columns = 5;

    private readonly PreparedDataset dataset;
    private readonly Dictionary<string, int> rows;
    private readonly long[] stamps;

    private EarlierDataset(PreparedDataset dataset, long[] stamps)
    {
        (this.dataset, this.stamps) = (dataset, stamps);
        rows = dataset.Radiographs.GroupBy(r => r.ImagePath).ToDictionary(r => r.Key, r => r.First().Index);
    }

    /// <summary>Opens the dataset to be updated.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="record">What the new one comes from: the same source and the same treatment of pictures.</param>
    /// <param name="shortSide">Of the new one.</param>
    /// <exception cref="UserErrorException">It has other pixels than the new one would have, or does not say what its pictures came from.</exception>
    internal static EarlierDataset Open(string folder, SourceRecord record, int shortSide)
    {
        var dataset = PreparedDataset.Open(folder);
        try
        {
            if (Obstacles(dataset.Manifest, record, shortSide) is { Length: > 0 } obstacles)
                throw new UserErrorException(
                    $"{folder} cannot be updated, as its pictures would come out otherwise: {obstacles}. Prepare it anew with "
                        + "the setting 'force', or choose another setting 'out'.");
            var bytes = RegularFile.ReadAllBytes(Path.Combine(folder, StampsName));
            if (bytes.Length != NpyHeader.Length + (long)dataset.Count * Columns * sizeof(long))
                throw new UserErrorException(
                    $"{folder} cannot be updated: its {StampsName} does not fit its {dataset.Count:N0} radiographs. "
                        + "Prepare it anew with the setting 'force'.");
            return new EarlierDataset(dataset, MemoryMarshal.Cast<byte, long>(bytes.AsSpan(NpyHeader.Length)).ToArray());
        }
        catch (FileNotFoundException e)
        {
            dataset.Dispose();
            throw new UserErrorException($"{folder} cannot be updated: it has no {StampsName}. Prepare it anew with the setting 'force'.", e);
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What keeps a dataset from being updated, each with both values: its pictures were made in another way, or of another source. Empty where
    /// nothing does.
    /// </summary>
    internal static string Obstacles(DatasetManifest manifest, SourceRecord record, int shortSide)
    {
        string[] deciding = ["short side", "source", "folder", "intensity", "any modality"];
        var there = PreparationDifference.Settings(manifest.Source, manifest.ShortSide).Where(s => deciding.Contains(s.Key)).ToDictionary();
        var asked = PreparationDifference.Settings(record, shortSide).Where(s => deciding.Contains(s.Key)).ToDictionary();
        (there["program"], asked["program"]) = (manifest.Software, DatasetCompletion.Software);
        bool same = there.Count == asked.Count && there.All(s => asked.GetValueOrDefault(s.Key) == s.Value);
        return same ? "" : PreparationDifference.Between(there, asked);
    }

    /// <summary>Writes the stamps of the items that were taken, in the order of the rows.</summary>
    internal static void WriteStamps(string folder, IEnumerable<PreparedItem> items)
    {
        long[] values = [.. items.Where(i => i.Reason is null)
            .SelectMany(i => new[] { i.Stamp.Bytes, i.Stamp.ModifiedTicks, i.Upscaled ? 1 : 0, i.SourceHeight, i.SourceWidth })];
        AtomicFile.Write(Path.Combine(folder, StampsName), stream =>
        {
            stream.Write(NpyHeader.Bytes("<i8", $"({values.Length / Columns}, {Columns})"));
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        });
    }

    /// <summary>The picture of a file that has not changed; null where it was not there or has.</summary>
    internal Imaging.GreyImage? Find(string imagePath, FileStamp stamp)
    {
        if (stamp == default || !rows.TryGetValue(imagePath, out int row)) return null;
        if (new FileStamp(stamps[row * Columns], stamps[row * Columns + 1]) != stamp) return null;
        var radiograph = dataset[row];
        return new Imaging.GreyImage(
            dataset.Pixels(row).ToArray(), radiograph.Height, radiograph.Width, stamps[row * Columns + 2] == 1, radiograph.View,
            (int)stamps[row * Columns + 3], (int)stamps[row * Columns + 4]);
    }

    public void Dispose() => dataset.Dispose();
}
