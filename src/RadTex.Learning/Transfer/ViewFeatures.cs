using System.Security.Cryptography;
using System.Text;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Metrics;

namespace RadTex.Learning.Transfer;

/// <summary>
/// The view of each radiograph in place of an encoder's features, [n, V] of which one is 1: what a classifier reaches that looks at no picture.
/// Its AUC within views is 0.5 by construction.
/// </summary>
internal sealed class ViewFeatures
{
    private readonly Dictionary<string, int> columns;

    private ViewFeatures(string[] views) => (Views, columns) = (views, views.Select((v, i) => (v, i)).ToDictionary());

    /// <summary>V, the views of the training radiographs by name.</summary>
    internal IReadOnlyList<string> Views { get; }

    /// <summary>In place of the hash of an encoder's weights.</summary>
    internal string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Views))));

    /// <summary>Why there is nothing to tell by the view; null where there is.</summary>
    internal string? Missing =>
        Views is [var only] ? $"all training radiographs are of one view ({only})" : Views.Count == 0 ? "there is no training radiograph" : null;

    internal static ViewFeatures Of(IEnumerable<PreparedRadiograph> train) =>
        new([.. train.Select(r => ViewAuc.Name(r.View)).Distinct().Order(StringComparer.Ordinal)]);

    /// <summary>The features of some radiographs; a view that no training radiograph has is all zeros.</summary>
    internal RadiographFeatures Of(LabelledPool pool)
    {
        var (radiographs, labelNames) = pool;
        var values = new float[radiographs.Count * Views.Count];
        for (int i = 0; i < radiographs.Count; i++)
            if (columns.TryGetValue(ViewAuc.Name(radiographs[i].View), out int column)) values[i * Views.Count + column] = 1;
        return new(radiographs, labelNames, Views.Count, values);
    }

    /// <summary>What these features of some radiographs depend on.</summary>
    internal FeatureCard Describe(PreparedDataset dataset, IReadOnlyList<int> indices) => new(
        "view", Sha256, 0, 0, "none", "float32", 1, Views.Count, dataset.Folder, dataset.Hash,
        FeatureCard.HashOf(indices.Select(i => dataset[i].ImageId)), indices.Count,
        "one-hot of the view", false, dataset.Manifest.Synthetic);

    /// <summary>What the view alone reaches on the draws of a plan; in place of figures the reason why there are none.</summary>
    internal static (IReadOnlyList<TransferCell> Cells, string? Missing) Reached(
        LabelledPool train, LabelledPool test, TransferPlan plan, CancellationToken cancellation)
    {
        var views = Of(train.Radiographs);
        if (views.Missing is { } missing) return ([], missing);
        var alone = plan with { Heads = [HeadKind.Logistic], Sensitivity = null };
        return (TransferSweep.Run(views.Of(train), views.Of(test), alone, cancellation: cancellation).Cells(), null);
    }
}
