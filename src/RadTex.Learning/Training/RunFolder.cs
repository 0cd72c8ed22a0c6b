using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Files;
using RadTex.Learning.Checkpoints;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>
/// A run on disk: configuration, environment, log, TensorBoard's events, checkpoints, and what the program adds, under the names of
/// <see cref="RunLayout"/>. Opened again with the same inputs and configuration, it goes on; with others it refuses.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string InputsKey = "inputs", LogKey = "log";

    private readonly OutputFolder output;
    private readonly RunCheckpoints checkpoints;
    private readonly RunInputs inputs;
    private readonly Action<string> log;

    private RunFolder(string path, RunInputs inputs, int keepCheckpoints, OutputFolder output, Action<string> log)
    {
        (Path, this.inputs, this.output, this.log) = (path, inputs, output, log);
        checkpoints = new(System.IO.Path.Combine(path, RunLayout.Checkpoints), keepCheckpoints);
        Log = new(LogPath(path), File(RunLayout.TensorBoard, "events.out.tfevents.radtex"));
    }

    /// <summary>The folder as it was given.</summary>
    public string Path { get; }

    /// <summary>The run's JSON lines and TensorBoard's events; a run that goes on appends to them.</summary>
    public TrainingLog Log { get; }

    /// <summary>The folder of the newest good checkpoint; null where there is none yet.</summary>
    public string? LastCheckpoint { get; private set; }

    /// <summary>Where a run's log lies; see <see cref="TrainingLog.Read"/>.</summary>
    public static string LogPath(string run) => System.IO.Path.Combine(run, RunLayout.Log);

    /// <summary>A path in the run.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Opens a new run, or one to go on with.</summary>
    /// <param name="path">A new or empty folder, or that of the run to go on with.</param>
    /// <param name="configuration">A record of sections, such as <c>PretrainingConfiguration</c>; its section "log" may change between
    /// resumes.</param>
    /// <param name="inputs">What it learns from.</param>
    /// <param name="keepCheckpoints">How many checkpoints are kept.</param>
    /// <param name="log">Told of a damaged checkpoint that was passed over, and where the run goes on; null for nobody.</param>
    /// <param name="upgrade">Makes a configuration that an earlier version wrote one of today; null where none has changed.</param>
    /// <exception cref="UserErrorException">The folder holds something else, another run works in it, or inputs or configuration differ.</exception>
    public static RunFolder Open(
        string path, object configuration, RunInputs inputs, int keepCheckpoints = 2, Action<string>? log = null,
        Func<JsonObject, JsonObject>? upgrade = null)
    {
        // Who reads it later may stand in another folder.
        inputs = inputs with { DatasetFolder = System.IO.Path.GetFullPath(inputs.DatasetFolder) };
        var configurationPath = System.IO.Path.Combine(path, RunLayout.Configuration);
        var output = OutputFolder.Open(path, FolderKind.Run);
        try
        {
            var resolved = JsonSerializer.SerializeToNode(configuration, configuration.GetType(), JsonFormat.Indented)!.AsObject();
            resolved[InputsKey] = JsonSerializer.SerializeToNode(inputs, JsonFormat.Indented);
            if (System.IO.File.Exists(configurationPath))
            {
                var before = ReadConfiguration(configurationPath);
                CheckSame(path, upgrade is null ? before : upgrade(before), resolved, inputs);
            }
            AtomicFile.WriteAllText(configurationPath, resolved.ToJsonString(JsonFormat.Indented) + "\n");
            return new(path, inputs, keepCheckpoints, output, log ?? (_ => { }));
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>Puts model and optimiser where the last good checkpoint left them, and cuts the log there. (0, 0) where there is none.</summary>
    internal (long Step, double ElapsedSeconds) Restore(nn.Module model, Optimizer optimizer)
    {
        var environmentPath = File(RunLayout.Environment);
        var latest = checkpoints.Latest(damaged => log($"{damaged} is damaged and was passed over."));
        if (latest is var (folder, state))
        {
            if (state.DatasetHash != inputs.DatasetHash) throw ChangedDataset(Path, inputs.DatasetHash, state.DatasetHash);
            if (state.VocabularySha256 != inputs.VocabularySha256) throw OtherVocabulary(folder, inputs.VocabularySha256, state.VocabularySha256);
            RunCheckpoints.Load(folder, model, optimizer.State);
            LastCheckpoint = folder;
            log($"Going on from {folder}.");
            if (RunEnvironment.Read(environmentPath) is { } before && before.Threads != get_num_threads())
                log(
                    $"Before it ran with {before.Threads} threads, now with {get_num_threads()}: sums are added in another order, "
                        + "so the weights will not be bitwise those of an unbroken run.");
        }
        var (step, elapsed) = latest is var (_, from) ? (from.Step, from.ElapsedSeconds) : (0, 0);
        RunEnvironment.Now(DeviceOf(model), step).Write(environmentPath);
        Log.Start(step);
        return (step, elapsed);
    }

    private static string DeviceOf(nn.Module model) => model.parameters().FirstOrDefault()?.device.ToString() ?? "cpu";

    /// <summary>Saves a checkpoint.</summary>
    internal void Save(long step, double elapsedSeconds, nn.Module model, Optimizer optimizer)
    {
        RequireThere();
        var state = new CheckpointState(
            CheckpointState.CurrentFormatVersion, step, elapsedSeconds, inputs.DatasetHash, inputs.VocabularySha256,
            new Dictionary<string, string>());
        try { LastCheckpoint = checkpoints.Save(state, ModuleWeights.Of(model), [.. optimizer.State]); }
        catch (UserErrorException e)
            when (LastCheckpoint is not null)
        { throw new UserErrorException($"{e.Message} The last good checkpoint is kept: {LastCheckpoint}.", e); }
    }

    /// <summary>
    /// Requires that the run is still there: in a folder that was taken away, what is left to write would be a run without its beginning.
    /// </summary>
    /// <exception cref="UserErrorException">It is gone.</exception>
    internal void RequireThere() => output.RequireThere();

    /// <summary>Closes the log and lets other processes write into the folder.</summary>
    public void Dispose()
    {
        Log.Dispose();
        output.Dispose();
    }

    private static JsonObject ReadConfiguration(string path)
    {
        try
        {
            return JsonNode.Parse(RegularFile.ReadAllText(path), documentOptions: JsonFormat.Tree) as JsonObject
            ?? throw new JsonException("it holds no object");
        }
        catch (Exception e) when (e is JsonException
            or IOException)
        { throw new UserErrorException($"{path} is no run's configuration: {e.Message} Start a new run in another folder.", e); }
    }

    private static void CheckSame(string path, JsonObject before, JsonObject now, RunInputs inputs)
    {
        RunInputs? earlier;
        try { earlier = before[InputsKey].Deserialize<RunInputs>(JsonFormat.Indented); }
        catch (JsonException e)
        {
            throw new UserErrorException(
            $"{System.IO.Path.Combine(path, RunLayout.Configuration)} is no run's configuration: {e.Message} Start a new run in another folder.", e);
        }
        if (earlier is null)
            throw new UserErrorException(
                $"{System.IO.Path.Combine(path, RunLayout.Configuration)} lacks '{InputsKey}'. Start a new run in another folder.");
        if (earlier.DatasetHash != inputs.DatasetHash) throw ChangedDataset(path, inputs.DatasetHash, earlier.DatasetHash);
        if (earlier.VocabularySha256 != inputs.VocabularySha256) throw OtherVocabulary(path, inputs.VocabularySha256, earlier.VocabularySha256);
        var (old, current) = (Leaves(before), Leaves(now));
        string[] differences = [.. old.Keys.Union(current.Keys).Order(StringComparer.Ordinal)
            .Where(key => old.GetValueOrDefault(key) != current.GetValueOrDefault(key))
            .Select(key => $"{key} was {old.GetValueOrDefault(key) ?? "absent"}, now {current.GetValueOrDefault(key) ?? "absent"}")];
        if (differences.Length > 0)
            throw new UserErrorException(
                $"The run in {path} was started with another configuration: {string.Join("; ", differences)}. Give the same "
                    + "again, or another folder: the setting 'out'.");
    }

    private static Dictionary<string, string> Leaves(JsonObject tree)
    {
        var leaves = new Dictionary<string, string>();
        foreach (var (section, content) in tree)
        {
            if (section is InputsKey or LogKey) continue;
            if (content is JsonObject keys)
                foreach (var (key, value) in keys) leaves[$"{section}.{key}"] = value?.ToJsonString() ?? "null";
            else leaves[section] = content?.ToJsonString() ?? "null";
        }
        return leaves;
    }

    private static UserErrorException ChangedDataset(string path, string now, string before) => new(
        $"The dataset has changed since the run in {path} was started: its hash is {now}, expected {before}. Give the "
            + "dataset of then, or start a new run in another folder: the setting 'out'.");

    private static UserErrorException OtherVocabulary(string path, string? now, string? before) => new(
        $"The vocabulary is not that of {path}: its SHA-256 is {now ?? "absent"}, expected {before ?? "none"}. Give the "
            + "vocabulary of then (a run keeps it as vocab.txt), or start a new run in another folder: the setting 'out'.");
}
