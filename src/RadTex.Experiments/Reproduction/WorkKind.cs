namespace RadTex.Experiments.Reproduction;

/// <summary>The kinds of work a reproduction spends its time on.</summary>
public enum WorkKind
{
    /// <summary>Synthetic radiographs drawn and prepared.</summary>
    Drawing,

    /// <summary>Pretraining on reports, both directions.</summary>
    Captioning,

    /// <summary>Pretraining on reports, forwards alone.</summary>
    CaptioningForward,

    /// <summary>Pretraining on reports by an objective whose rate was not measured.</summary>
    OtherObjective,

    /// <summary>Supervised pretraining.</summary>
    Labels,

    /// <summary>Networks trained whole on few labels.</summary>
    FineTuning,

    /// <summary>Radiographs through frozen encoders.</summary>
    Encoding,

    /// <summary>Heads on features.</summary>
    Heads,

    /// <summary>Texts asked of radiographs without any label.</summary>
    Asking,

    /// <summary>Scores ranked by bootstraps.</summary>
    Statistics,
}
