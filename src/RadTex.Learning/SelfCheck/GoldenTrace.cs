using System.Text.Json;

namespace RadTex.Learning.SelfCheck;

/// <summary>The numbers of a golden case's training run, by the name they are reported under.</summary>
/// <remarks>
/// Each belongs to a group whose members rounding moves alike: a step, the norms of the parameters after the run, the norms of
/// the running means after it.
/// </remarks>
internal sealed class GoldenTrace
{
    /// <summary>Below this a value's deviation is counted as absolute: the first multiplier is 0.</summary>
    internal const double Floor = 1e-12;

    private const int Parameters = -1, RunningMeans = -2;

    private readonly List<(string Name, int Group, double Value)> entries = [];
    private readonly Dictionary<string, double> values = [];

    internal IReadOnlyList<(string Name, int Group, double Value)> Entries => entries;

    internal double this[string name] =>
        values.TryGetValue(name, out double value)
            ? value
            : throw new UserErrorException($"The golden case has '{name}', which a run of its own optimizer.steps does not give.");

    internal void AddStep(int step, double multiplier, double forward, double backward, double gradientNorm)
    {
        Add($"training step {step} multiplier", step, multiplier);
        Add($"training step {step} forward", step, forward);
        Add($"training step {step} backward", step, backward);
        Add($"training step {step} gradient_norm", step, gradientNorm);
    }

    internal void AddParameterNorm(string name, double norm) => Add($"parameter_norms_after {name}", Parameters, norm);

    internal void AddRunningMeanNorm(string name, double norm) => Add($"running_mean_norm_after {name}", RunningMeans, norm);

    /// <summary>The file's numbers.</summary>
    internal static GoldenTrace Read(GoldenCase golden)
    {
        var trace = new GoldenTrace();
        try
        {
            int step = 0;
            foreach (var row in golden.Root.GetProperty("training").EnumerateArray())
            {
                double Value(string name) => row.GetProperty(name).GetDouble();
                trace.AddStep(step++, Value("multiplier"), Value("forward"), Value("backward"), Value("gradient_norm"));
            }
            foreach (var norm in golden.Root.GetProperty("parameter_norms_after").EnumerateObject())
                trace.AddParameterNorm(norm.Name, norm.Value.GetDouble());
            foreach (var norm in golden.Root.GetProperty("running_mean_norm_after").EnumerateObject())
                trace.AddRunningMeanNorm(norm.Name, norm.Value.GetDouble());
            return trace;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or JsonException)
        {
            throw new UserErrorException(
                $"{golden.Path}: the training run is incomplete: {e.Message} Expected the form that the golden cases' README gives.", e);
        }
    }

    /// <summary>The largest relative deviation of any number that <paramref name="expected"/> has.</summary>
    internal double DeviationFrom(GoldenTrace expected) =>
        expected.entries.Count == 0 ? 0 : expected.entries.Max(e => Deviation(this[e.Name], e.Value));

    /// <summary>For each group how far another run of the same case lies off; a step's is at least that of the steps before it.</summary>
    internal IReadOnlyDictionary<int, double> Noise(GoldenTrace other)
    {
        var noise = entries.GroupBy(e => e.Group).ToDictionary(g => g.Key, g => g.Max(e => Deviation(other[e.Name], e.Value)));
        for (int step = 1; noise.ContainsKey(step); step++) noise[step] = Math.Max(noise[step], noise[step - 1]);
        return noise;
    }

    private void Add(string name, int group, double value)
    {
        entries.Add((name, group, value));
        values[name] = value;
    }

    private static double Deviation(double found, double expected) =>
        found == expected ? 0 : Math.Abs(found - expected) / Math.Max(Math.Abs(expected), Floor);
}
