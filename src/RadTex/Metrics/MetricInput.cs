namespace RadTex.Metrics;

/// <summary>The checks every metric makes of what it is given: a wrong figure is worse than none.</summary>
internal static class MetricInput
{
    internal static void CheckScores(ReadOnlySpan<double> scores, int labels)
    {
        CheckLengths(scores.Length, labels);
        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                throw new ArgumentException($"score {i} of {scores.Length} is not a number: has the model diverged?", nameof(scores));
        }
    }

    internal static void CheckFinite(ReadOnlySpan<double> scores, int labels)
    {
        CheckLengths(scores.Length, labels);
        for (int i = 0; i < scores.Length; i++)
        {
            if (!double.IsFinite(scores[i]))
                throw new ArgumentException($"score {i} of {scores.Length} is {scores[i]}; expected finite numbers", nameof(scores));
        }
    }

    internal static void CheckProbabilities(ReadOnlySpan<double> probabilities, int labels)
    {
        CheckLengths(probabilities.Length, labels);
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
                throw new ArgumentException($"value {i} is {probabilities[i]}, which is no probability: expected 0 to 1", nameof(probabilities));
        }
    }

    internal static void CheckClasses(ReadOnlySpan<int> values, int classes, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        for (int i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)classes) throw new ArgumentException($"class {values[i]} at {i}; expected 0 to {classes - 1}", name);
        }
    }

    internal static void CheckLengths(int scores, int labels)
    {
        if (scores != labels) throw new ArgumentException($"{scores} scores for {labels} labels; expected one each");
    }

    internal static void CheckLevel(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "a confidence level lies between 0 and 1, such as 0.95");
    }
}
