using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>The labelled radiographs on which recipes are chosen, for each task of a plan: no patient of them is in training or test.</summary>
/// <param name="Indices">For each task the radiographs' indices in the training dataset.</param>
/// <param name="Classes">Their classes.</param>
/// <param name="Views">Their views, as stored.</param>
internal sealed record ValidationData(IReadOnlyList<int[]> Indices, IReadOnlyList<int[]> Classes, IReadOnlyList<string[]> Views)
{
    /// <exception cref="UserErrorException">The split has no radiographs, shows one class only, or shares patients with training or test.</exception>
    internal static ValidationData Of(TransferPools pools, FineTuningOptions options)
    {
        var (plan, train) = (options.Plan, pools.Train.Dataset);
        var pool = DatasetPool.Of(train, options.ValidationSplit);
        RequireApart(pool, pools.Train, $"training and in split {options.ValidationSplit.Name()}");
        if (!plan.PatientsDiffer) RequireApart(pool, pools.Test, $"test and in split {options.ValidationSplit.Name()}");
        List<int[]> indices = [], classes = [];
        List<string[]> views = [];
        foreach (var task in plan.Tasks)
        {
            var labels = pool.ToLearn(task);
            if (labels.Classes.Distinct().Count() < 2)
                throw new UserErrorException(
                    $"Split {options.ValidationSplit.Name()} of {train.Folder} has {labels.Rows.Length:N0} labelled radiographs of "
                        + $"'{task.Name}', of fewer than two classes: no recipe can be chosen on it. Name a recipe instead.");
            indices.Add(pool.IndicesOf(labels.Rows));
            classes.Add(labels.Classes);
            views.Add(labels.Views);
        }
        return new(indices, classes, views);
    }

    private static void RequireApart(LabelledPool validation, LabelledPool other, string where)
    {
        int shared = validation.Radiographs.Select(r => r.PatientId).ToHashSet(StringComparer.Ordinal)
            .Intersect(other.Radiographs.Select(r => r.PatientId)).Count();
        if (shared > 0)
            throw new UserErrorException(
                $"{shared:N0} patients are in {where}. Expected none: recipes are chosen on patients that are neither trained "
                    + "nor tested on. Name other splits.");
    }
}
