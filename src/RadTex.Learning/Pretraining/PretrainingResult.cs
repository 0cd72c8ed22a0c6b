using System.Text.Json;
using System.Text.Json.Serialization;
using RadTex.Files;
using RadTex.Learning.Distributed;
using RadTex.Learning.Training;

namespace RadTex.Learning.Pretraining;

/// <summary>What came of a pretraining; <see cref="RunLayout.Result"/> in the run, written last.</summary>
/// <param name="WeightsSha256">SHA-256 of <c>model/model.safetensors</c>; of the encoder's weights where there is no model.</param>
/// <param name="Steps">Updates.</param>
/// <param name="Epochs">Passes over the training split.</param>
/// <param name="ElapsedSeconds">Time in the training loop, validation and checkpoints included.</param>
/// <param name="TrainingRadiographs">Radiographs of the training split that have text.</param>
/// <param name="Validation">The last validation by name, in nats per token; empty where there was none.</param>
/// <param name="Synthetic">Whether it learnt from synthetic radiographs.</param>
public sealed record PretrainingResult(
    string WeightsSha256, long Steps, double Epochs, double ElapsedSeconds, int TrainingRadiographs, IReadOnlyDictionary<string, double> Validation,
    bool Synthetic)
{
    /// <summary>The run's folder.</summary>
    [JsonIgnore]
    public string Run { get; init; } = "";

    /// <summary>The encoder alone with its card, for transfer.</summary>
    [JsonIgnore]
    public string EncoderFolder => Path.Combine(Run, RunLayout.Encoder);

    /// <summary>The whole model with vocabulary and card, for reading.</summary>
    [JsonIgnore]
    public string ModelFolder => Path.Combine(Run, RunLayout.Model);

    /// <summary>
    /// The result of a run that is complete; null where there is none, or a damaged one: then it is made again from the last checkpoint.
    /// </summary>
    internal static PretrainingResult? Read(RunFolder run) =>
        JsonFile.ReadIfWhole<PretrainingResult>(run.File(RunLayout.Result)) is { } result ? result with { Run = run.Path } : null;

    /// <summary>Gives rank 0's result to all; null where it has none.</summary>
    internal static PretrainingResult? Share(PretrainingResult? found, string run, ProcessGroup processes) => processes.Size == 1
        ? found
        : JsonSerializer.Deserialize<PretrainingResult?>(
            processes.Broadcast(processes.IsFirst ? JsonSerializer.SerializeToUtf8Bytes(found, JsonFormat.Indented) : null),
            JsonFormat.Indented) is { } result
            ? result with { Run = run } : null;

    /// <summary>Writes it into the run, whose last file it is.</summary>
    internal PretrainingResult Write(RunFolder run)
    {
        run.RequireThere();
        JsonFile.Write(run.File(RunLayout.Result), this);
        return this with { Run = run.Path };
    }
}
