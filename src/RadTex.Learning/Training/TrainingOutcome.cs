namespace RadTex.Learning.Training;

/// <summary>How a training run ended.</summary>
/// <param name="Steps">Updates in all, those before a resume included.</param>
/// <param name="ElapsedSeconds">Time in the loop, that before a resume included.</param>
/// <param name="LastLosses">The last update's losses; null where a resume found nothing left to do.</param>
/// <param name="Validation">The last validation's figures; empty for none.</param>
public sealed record TrainingOutcome(
    long Steps, double ElapsedSeconds, StepLosses? LastLosses, IReadOnlyList<(string Name, double Value)> Validation);
