using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Training;
using RadTex.Prediction;

namespace RadTex.Learning.Pretraining;

/// <summary>What an objective gives the program to train.</summary>
/// <param name="Task">Owned from here on.</param>
/// <param name="Encoder">The part of its model that is kept for transfer.</param>
/// <param name="Origin">How the encoder's provenance begins, such as "pretrained by RadTex, preset paper".</param>
public sealed record PretrainingTask(TrainingTask Task, ImageEncoder Encoder, string Origin) : IDisposable
{
    /// <summary>The parameter group that holds the encoder and nothing else, where the configuration freezes it at first.</summary>
    public string EncoderGroup { get; init; } = "visual";

    /// <summary>What its radiographs have, such as " with reports", for the provenance; empty for nothing to tell.</summary>
    public string Radiographs { get; init; } = "";

    /// <summary>
    /// Writes the whole model into a folder, with what the encoder's card says of it, and gives the SHA-256 of its weights. Null where the encoder
    /// alone is of use.
    /// </summary>
    public Func<string, EncoderCard, string>? WriteModel { get; init; }

    /// <summary>Releases the task with its model, of which the encoder is a part.</summary>
    public void Dispose() => Task.Dispose();
}
