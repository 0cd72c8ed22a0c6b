using RadTex.Learning.Models.Encoders;

namespace RadTex.Learning.Training;

/// <summary>An encoder that stays as it is in the first updates: weights, running statistics, and what an optimiser keeps of them.</summary>
/// <param name="Encoder">The one.</param>
/// <param name="Group">The parameter group that holds it and nothing else.</param>
/// <param name="Steps">Updates.</param>
public sealed record FrozenStart(ImageEncoder Encoder, string Group, long Steps)
{
    /// <summary>Freezes or frees it for the update that comes after so many; the model is in training mode.</summary>
    internal void Apply(long step, IReadOnlyList<ParameterGroup> groups)
    {
        bool frozen = step < Steps;
        Encoder.train(!frozen);
        foreach (var parameter in Encoder.parameters()) parameter.requires_grad = !frozen;
        groups.Single(g => g.Name == Group).IsFrozen = frozen;
    }
}
