using RadTex.Heads;
using RadTex.Prediction.Onnx;

namespace RadTex.Prediction.Evaluation;

/// <summary>A yes/no question that a model answers and labels decide: a head of two classes, or one of the cuts of a graded head.</summary>
/// <param name="Name">Such as "Edema" or, of grades, "Edema ≥ 2".</param>
/// <param name="Head">The head's name.</param>
/// <param name="Label">The label's column.</param>
/// <param name="Cut">Positive is a class of at least this.</param>
/// <param name="Columns">Whose probabilities are summed.</param>
/// <param name="Output">The model's output, for its threshold.</param>
/// <param name="Labels">The labelled rows.</param>
internal sealed record EvaluationQuestion(
    string Name, string Head, string Label, int Cut, IReadOnlyList<int> Columns, ModelOutput Output, LabelledRadiographs Labels)
{
    internal double Probability(float[] outputs) => Math.Min(1, Columns.Sum(k => (double)outputs[k]));

    /// <summary>The questions of the model's outputs whose labels the data have.</summary>
    /// <param name="notes">The model's.</param>
    /// <param name="data">With labels.</param>
    /// <param name="columns">The column of a head's label, where its name differs there; null for equal names.</param>
    /// <param name="missing">Told of outputs without labels.</param>
    /// <exception cref="UserErrorException">No output has labels, or a name is neither's.</exception>
    internal static IReadOnlyList<EvaluationQuestion> Of(
        ModelNotes notes, LabelledPictures data, IReadOnlyDictionary<string, string>? columns, Action<string> missing)
    {
        var heads = notes.Outputs.Select((output, k) => (Output: output, Column: k)).GroupBy(o => (o.Output.Label, o.Output.Head)).ToArray();
        string[] tasks = [.. heads.Select(h => h.Key.Label).Distinct()];
        if (columns?.Keys.FirstOrDefault(name => !tasks.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new UserErrorException($"The model has no output '{unknown}'. It tells {string.Join(", ", tasks)}.");
        var questions = new List<EvaluationQuestion>();
        foreach (var head in heads)
        {
            var task = TransferTask.Parse(head.Key.Label);
            var named = columns?.FirstOrDefault(c => string.Equals(c.Key, head.Key.Label, StringComparison.OrdinalIgnoreCase)).Value;
            if (columns is not null && named is null) continue;
            var label = named ?? task.Label;
            var against = named is null ? task.Against : null;
            if ((Absent(data, label) ?? (against is null ? null : Absent(data, against))) is { } column)
            {
                if (named is not null) throw new UserErrorException(
                    $"{data.Name} has no label '{column}'. Its labels: {string.Join(", ", data.LabelNames)}.");
                missing($"{head.Key.Label}: n/a, {data.Name} has no label '{column}'");
                continue;
            }
            var labels = LabelledRadiographs.Of(new(data.Radiographs, data.LabelNames), label, against);
            var outputs = head.ToArray();
            string name = heads.Count(h => h.Key.Label == head.Key.Label) > 1 ? $"{head.Key.Label} ({head.Key.Head})" : head.Key.Label;
            if (outputs.Length == 1) questions.Add(new(name, head.Key.Head, label, 1, [outputs[0].Column], outputs[0].Output, labels));
            else
                for (int cut = 1; cut < outputs.Length; cut++)
                    questions.Add(new($"{name} ≥ {cut}", head.Key.Head, label, cut,
                        [.. outputs.Where(o => o.Output.Class >= cut).Select(o => o.Column)], outputs[0].Output with { Threshold = null }, labels));
            if (outputs.Length == 1 && labels.ClassCount > 2) throw new UserErrorException(
                $"Label '{label}' of {data.Name} has grades up to {labels.ClassCount - 1}; '{head.Key.Label}' tells yes or no. Expected 0 and 1.");
        }
        return questions.Count > 0 ? questions
            : throw new UserErrorException(
                $"{data.Name} has no label that the model tells. The model tells {string.Join(", ", tasks)}; the labels there are "
                + $"{(data.LabelNames.Count == 0 ? "none" : string.Join(", ", data.LabelNames))}. Name the column of a label.");
    }

    private static string? Absent(LabelledPictures data, string label) =>
        data.LabelNames.Contains(label, StringComparer.OrdinalIgnoreCase) ? null : label;
}
