using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Data;
using RadTex.Files;

namespace RadTex.Inspection;

/// <summary>Refuses a test on what the model was pretrained or trained on: every figure of it would be void.</summary>
public static class SeenCheck
{
    /// <summary>Checks an encoder against the radiographs of a test.</summary>
    /// <param name="encoder">Its folder, or what it is called.</param>
    /// <param name="known">What it says it has seen.</param>
    /// <param name="dataset">The test's dataset.</param>
    /// <param name="test">Its rows that are tested on.</param>
    /// <param name="patientsDiffer">Whether the encoder's patients are others for certain, whatever their ids: then pictures alone are
    /// compared.</param>
    /// <returns>What was found, in words.</returns>
    /// <exception cref="UserErrorException">A test patient or picture was seen; or the dataset of a run of an earlier version is gone or another
    /// now.</exception>
    public static string Require(string encoder, SeenRadiographs known, PreparedDataset dataset, IReadOnlyList<int> test, bool patientsDiffer)
    {
        var seen = known is { IsComplete: false, Parts.Count: 0 } && !patientsDiffer ? OfRun(encoder) ?? known : known;
        var domain = patientsDiffer ? null : PatientDomain.Of(dataset.Manifest);
        ulong[] pictures = seen.Parts.Any(p => p.PictureHashes.Length > 0) ? SeenRadiographs.PictureHashes(dataset, test) : [];
        return Require(encoder, seen, seen.Overlap(domain, [.. test.Select(i => dataset[i].PatientId)], pictures), patientsDiffer);
    }

    /// <summary>The same of any model and test.</summary>
    /// <param name="model">What messages call it.</param>
    /// <param name="seen">What it has seen.</param>
    /// <param name="overlap">What of the test is among it.</param>
    /// <param name="patientsDiffer">Whether patients were left out of the comparison.</param>
    public static string Require(string model, SeenRadiographs seen, SeenOverlap overlap, bool patientsDiffer)
    {
        if (!overlap.IsEmpty)
        {
            string?[] parts = [Part(overlap.Patients, "of the test patients"), Part(overlap.Pictures, "of the test pictures")];
            string[] found = [.. parts.OfType<string>()];
            throw new UserErrorException(
                $"{model} saw {string.Join(" and ", found)} ({string.Join(", ", overlap.Purposes)}). Every figure would be void: expected patients "
                    + "and pictures it did not learn from, "
                + "such as the test split of that dataset. Where equal patient ids are different people, say that patients differ.")
            {
                Setting = "patients-differ",
            };
        }
        if (seen is { IsComplete: true, Parts.Count: 0 }) return $"{model} saw nobody: its weights are random";
        var compared = patientsDiffer ? "pictures alone were compared" : $"{overlap.TestPatients:N0} test patients";
        return seen.Parts.Count == 0 ? $"what {model} was pretrained on is not known: whether it saw test patients cannot be checked"
            : $"{model} saw none of the "
                + (patientsDiffer ? $"test pictures; {compared}" : compared) + (seen.IsComplete ? "" : "; part of what it learnt from is not known");
    }

    private static string? Part(int count, string what) => count == 0 ? null : $"{count:N0} {what}";

    /// <summary>An encoder of an earlier version does not say what it has seen, but its run names the dataset: its patients are read from there. Null
    /// for no run's encoder.</summary>
    private static SeenRadiographs? OfRun(string encoder)
    {
        var run = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(encoder))) ?? "";
        var configuration = Path.Combine(run, RunLayout.Configuration);
        if (!File.Exists(configuration)) return null;
        string? folder, hash;
        try
        {
            var inputs = JsonNode.Parse(RegularFile.ReadAllText(configuration), documentOptions: JsonFormat.Tree)?["inputs"];
            (folder, hash) = (inputs?["dataset_folder"]?.GetValue<string>(), inputs?["dataset_hash"]?.GetValue<string>());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UserErrorException($"{configuration} is no run's configuration: {e.Message}", e);
        }
        folder = Find(folder, hash, run) ?? throw new UserErrorException(
            $"The dataset that {encoder} was pretrained on is not at {folder}, so that nobody can say whether it saw test patients. Put it back "
                + "there; or, where its patients are other people than the test's for certain, say that patients differ.")
        {
            Setting = "patients-differ",
        };
        using var dataset = PreparedDataset.Open(folder);
        if (dataset.Hash != hash)
            throw new UserErrorException(
                $"{folder} has changed since {encoder} was pretrained on it: its hash is {dataset.Hash}, then {hash}. Whether it saw test patients "
                + "cannot be checked; pretrain again, or say that patients differ.")
            {
                Setting = "patients-differ",
            };
        return SeenRadiographs.OfPretraining(dataset, withPictures: false);
    }

    /// <summary>Where a run's dataset lies: of equal names the one of its hash, else the first. Such a run noted it relative to where it was started,
    /// mostly a folder above the run.</summary>
    private static string? Find(string? recorded, string? hash, string run)
    {
        if (recorded is null) return null;
        List<string> candidates = [recorded];
        for (var above = run; above is not null; above = Path.GetDirectoryName(above)) candidates.Add(Path.Combine(above, recorded));
        candidates.RemoveAll(folder => !File.Exists(Path.Combine(folder, DatasetFiles.Manifest)));
        return candidates.FirstOrDefault(folder => DatasetManifest.Read(Path.Combine(folder, DatasetFiles.Manifest)).Hash == hash)
            ?? candidates.FirstOrDefault();
    }
}
