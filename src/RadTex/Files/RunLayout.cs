namespace RadTex.Files;

/// <summary>
/// The names of what lies in the folder of a run: written by training and pretraining, read by transfer, leak checks and reproductions.
/// </summary>
public static class RunLayout
{
    /// <summary>Every key of its configuration, and what it learns from.</summary>
    public const string Configuration = "config.resolved.json";

    /// <summary>On what it ran.</summary>
    public const string Environment = "environment.json";

    /// <summary>Its log, a JSON object a line.</summary>
    public const string Log = "log.jsonl";

    /// <summary>The folder of the same figures for TensorBoard.</summary>
    public const string TensorBoard = "tensorboard";

    /// <summary>The folder of checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>The vocabulary of a run that reads reports.</summary>
    public const string Vocabulary = "vocab.txt";

    /// <summary>The folder of the encoder that pretraining leaves.</summary>
    public const string Encoder = "encoder";

    /// <summary>The folder of the whole model, where the objective has one to leave.</summary>
    public const string Model = "model";

    /// <summary>What came of a pretraining; written last.</summary>
    public const string Result = "result.json";
}
