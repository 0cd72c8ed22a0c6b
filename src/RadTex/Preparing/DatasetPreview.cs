using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>What a preparation would take, by the source's tables alone: no picture is opened and nothing is written.</summary>
public static class DatasetPreview
{
    /// <summary>Lists a source and says what is in it, a line each.</summary>
    /// <exception cref="UserErrorException">The source cannot be read, or nothing of it can be used.</exception>
    public static IEnumerable<string> Lines(StudySource source, PreparationOptions options, CancellationToken cancellation = default)
    {
        var listing = source.List(options.Studies, cancellation);
        foreach (var note in PreparationPlan.Notes(listing, options.CaptionRule(source))) yield return note;
        int there = listing.Radiographs.Count(r => listing.Images.Resolve(r.ImagePath) is { } path && File.Exists(path));
        yield return $"listed    {listing.Radiographs.Count:N0} radiographs, {there:N0} of them have a file";
        yield return $"rejected  {listing.Rejects.Count:N0}{(listing.Rejects.Count > 0 ? ": " : "")}"
            + string.Join(
                ", ", listing.Rejects.CountBy(r => r.Reason).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value:N0}"));
        foreach (var split in SplitNames.All)
        {
            var part = listing.Radiographs.Where(r => r.Split == split).ToArray();
            yield return $"{split.Name(),-9} {part.Length:N0} radiographs, {part.DistinctBy(r => r.PatientId).Count():N0} patients";
        }
        var labels = listing.LabelNames.Select((name, i) => LabelCounts.Of(name, listing.Radiographs.Select(r => r.Labels[i])));
        foreach (var line in DatasetReport.LabelLines([.. labels])) yield return line;
    }
}
