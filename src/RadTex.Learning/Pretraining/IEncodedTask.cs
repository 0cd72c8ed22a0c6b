using RadTex.Learning.Models;
using RadTex.Learning.Training;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>A task that learns from encoded radiographs and their texts, so that several can share one pass of the encoder.</summary>
internal interface IEncodedTask
{
    public TrainingTask Task { get; }

    /// <summary>What its model shares with those of other tasks.</summary>
    public SharedParts Shared { get; }

    /// <summary>The part's texts, made on another thread.</summary>
    public IDisposable PrepareTexts(PartOfBatch part);

    /// <summary>The part's share of the loss (<see cref="TrainingTask{TPart}.Loss"/>).</summary>
    /// <param name="encoded">Features [B, F, h, w] and pooled vectors [B, F].</param>
    /// <param name="texts">What <see cref="PrepareTexts"/> made.</param>
    /// <param name="part">The part.</param>
    public LossTerms Loss((Tensor Features, Tensor Pooled) encoded, IDisposable texts, PartOfBatch part);

    /// <summary>The group of a parameter of its model, by name.</summary>
    public (string Group, double LearningRate, double WeightDecay) GroupOf(string parameter);
}
