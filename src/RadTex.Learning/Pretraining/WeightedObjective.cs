namespace RadTex.Learning.Pretraining;

/// <summary>A term of a <see cref="SummedObjective"/>.</summary>
/// <param name="Objective">What is learnt.</param>
/// <param name="Weight">Multiplies its loss; 0 or more.</param>
internal sealed record WeightedObjective(PretrainingObjective Objective, double Weight = 1);
