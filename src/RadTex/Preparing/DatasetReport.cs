using RadTex.Data;

namespace RadTex.Preparing;

/// <summary>A prepared dataset in a few lines of text for a person.</summary>
public static class DatasetReport
{
    /// <summary>What a preparation took and left out.</summary>
    public static IEnumerable<string> Lines(PreparationResult result)
    {
        if (result.Resumed > 0) yield return $"went on after {result.Resumed:N0} radiographs of an interrupted run";
        foreach (var line in Lines(result.Manifest)) yield return line;
    }

    /// <summary>What a dataset holds.</summary>
    public static IEnumerable<string> Lines(DatasetManifest manifest)
    {
        yield return $"source    {manifest.Source.Kind}{(manifest.Synthetic ? ", SYNTHETIC radiographs" : "")}";
        yield return $"taken     {manifest.Count:N0} radiographs, short side {manifest.ShortSide} px"
            + (manifest.Upscaled > 0 ? $" ({manifest.Upscaled:N0} enlarged)" : "") + $", intensity {manifest.Intensity}";
        yield return $"rejected  {manifest.Rejects.Values.Sum():N0}{(manifest.Rejects.Count > 0 ? ": " : "")}"
            + string.Join(", ", manifest.Rejects.Select(r => $"{r.Key} {r.Value:N0}"));
        foreach (var (name, counts) in manifest.Splits)
            yield return $"{name,-9} {counts.Radiographs:N0} radiographs, {counts.Studies:N0} studies, {counts.Patients:N0} patients";
        var text = manifest.Text;
        yield return $"text      {text.Policy}: {text.WithText:N0} with text, {text.WithoutText:N0} without, {text.Dropped:N0} "
            + "dropped for want of it";
        if (text.Reports is { } reports) yield return $"reports   {reports}";
        foreach (var line in LabelLines(manifest.Labels)) yield return line;
        yield return $"hash      {manifest.Hash}";
    }

    /// <summary>A table of labels; nothing where there are none.</summary>
    internal static IEnumerable<string> LabelLines(IReadOnlyList<LabelCounts> labels)
    {
        if (labels.Count == 0) yield break;
        int width = Math.Max(10, labels.Max(l => l.Name.Length));
        yield return $"{"label".PadRight(width)} {"positive",10} {"negative",10} {"uncertain",10} {"absent",10}";
        foreach (var label in labels)
            yield return $"{label.Name.PadRight(width)} {label.Positive,10:N0} {label.Negative,10:N0} {label.Uncertain,10:N0} {label.Absent,10:N0}";
    }
}
