using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Experiments;

/// <summary>Whether an encoder's pretraining saw a patient that is tested on: then every figure of it would be void.</summary>
internal static class TestPatients
{
    private const string Configuration = "config.resolved.json";

    /// <summary>Checks an encoder of a run against the patients of a test.</summary>
    /// <param name="encoder">An encoder's folder inside a run, or anything else.</param>
    /// <param name="test">The radiographs that are tested on.</param>
    /// <returns>What was found, in words.</returns>
    /// <exception cref="UserErrorException">A test patient was seen, or the run's dataset is gone or another now.</exception>
    internal static string Check(string encoder, IReadOnlyList<PreparedRadiograph> test)
    {
        if (encoder.StartsWith("random:", StringComparison.Ordinal)) return "random weights saw nobody";
        var configuration = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(encoder))) ?? "", Configuration);
        if (!File.Exists(configuration)) return $"{encoder} is not part of a run: which patients it saw cannot be checked here";
        string? folder, hash;
        try
        {
            var inputs = JsonNode.Parse(File.ReadAllText(configuration))?["inputs"];
            (folder, hash) = (inputs?["dataset_folder"]?.GetValue<string>(), inputs?["dataset_hash"]?.GetValue<string>());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { throw new UserErrorException($"{configuration} is no run's configuration: {e.Message}", e); }
        if (folder is null || !Directory.Exists(folder))
            throw new UserErrorException($"The dataset {folder} that {encoder} was pretrained on is gone, so that nobody can say whether it saw test patients. Put it back, or say that patients differ.");
        using var dataset = PreparedDataset.Open(folder);
        if (dataset.Hash != hash)
            throw new UserErrorException($"{folder} has changed since {encoder} was pretrained on it: its hash is {dataset.Hash}, then {hash}. Whether it saw test patients cannot be checked; pretrain again.");
        int seen = Count(dataset, test);
        return seen == 0
            ? $"{encoder} saw none of the {test.Select(r => r.PatientId).Distinct().Count():N0} test patients"
            : throw new UserErrorException($"{encoder} saw {seen:N0} of the test patients in its pretraining on {folder}. Every figure would be void: pretrain on other patients, such as the same dataset's training split.");
    }

    /// <summary>Test patients among those a pretraining on a dataset learns from or watches.</summary>
    internal static int Count(PreparedDataset pretraining, IReadOnlyList<PreparedRadiograph> test)
    {
        var seen = pretraining.Radiographs.Where(r => r.Split != Split.Test).Select(r => r.PatientId).ToHashSet(StringComparer.Ordinal);
        return test.Select(r => r.PatientId).Distinct(StringComparer.Ordinal).Count(seen.Contains);
    }
}
