using RadTex.Studies;

namespace RadTex.Learning.ZeroShot;

/// <summary>What is asked of a model without labels.</summary>
/// <param name="Findings">Labels of the dataset.</param>
/// <param name="Output">The folder results go to.</param>
internal sealed record ZeroShotOptions(IReadOnlyList<string> Findings, string Output)
{
    /// <summary>Which radiographs get scores; null for all.</summary>
    public Split? Split { get; init; } = Studies.Split.Test;

    /// <summary>A file of prompts (<see cref="FindingPrompts.Read"/>); null for the built-in templates.</summary>
    public string? Prompts { get; init; }

    /// <summary>Whether the model's patients are others for certain, whatever their ids.</summary>
    public bool PatientsDiffer { get; init; }

    /// <summary>Radiographs at a time; changes no figure but by rounding.</summary>
    public int BatchSize { get; init; } = 32;

    /// <exception cref="UserErrorException">A value is out of range.</exception>
    internal ZeroShotOptions Validated()
    {
        if (Findings.Count == 0) throw new UserErrorException("No label is named. Expected findings of the dataset.");
        if (Findings.GroupBy(f => f, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserErrorException($"The label '{twice.Key}' is named twice. Expected each once.");
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        return this;
    }
}
