using System.Text.Json.Serialization;

namespace RadTex.Training;

/// <summary>What came of a pretraining; <c>result.json</c> in the run, written last.</summary>
/// <param name="WeightsSha256">SHA-256 of <c>model/model.safetensors</c>.</param>
/// <param name="Steps">Updates.</param>
/// <param name="Epochs">Passes over the training split.</param>
/// <param name="ElapsedSeconds">Time in the training loop, validation and checkpoints included.</param>
/// <param name="TrainingRadiographs">Radiographs of the training split that have text.</param>
/// <param name="Validation">The last validation by name, in nats per token; empty where there was none.</param>
/// <param name="Synthetic">Whether it learnt from synthetic radiographs.</param>
public sealed record PretrainingResult(
    string WeightsSha256, long Steps, double Epochs, double ElapsedSeconds, int TrainingRadiographs, IReadOnlyDictionary<string, double> Validation, bool Synthetic)
{
    /// <summary>The run's folder.</summary>
    [JsonIgnore]
    public string Run { get; init; } = "";

    /// <summary>The encoder alone with its card, for transfer.</summary>
    [JsonIgnore]
    public string EncoderFolder => Path.Combine(Run, "encoder");

    /// <summary>The whole model with vocabulary and card, for reading.</summary>
    [JsonIgnore]
    public string ModelFolder => Path.Combine(Run, "model");
}
