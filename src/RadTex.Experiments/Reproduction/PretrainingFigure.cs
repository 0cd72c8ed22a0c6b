namespace RadTex.Experiments.Reproduction;

/// <summary>How long a row's pretrainings trained: as planned and as it was. Means over the repeats.</summary>
/// <param name="Initialisation">Whose.</param>
/// <param name="Updates">Updates of one.</param>
/// <param name="Seconds">Wall clock of one, validation and checkpoints included.</param>
/// <param name="PlannedSeconds">Its updates times the seconds an update that the configuration states.</param>
public sealed record PretrainingFigure(string Initialisation, double Updates, double Seconds, double PlannedSeconds);
