namespace RadTex.Studies;

/// <summary>Which part of an archive a radiograph belongs to. Splits never share a patient.</summary>
public enum Split
{
    /// <summary>What a model learns from.</summary>
    Train,

    /// <summary>What a model is chosen by: checkpoints, hyperparameters.</summary>
    Validate,

    /// <summary>What a model is judged on, and nothing else.</summary>
    Test,
}
