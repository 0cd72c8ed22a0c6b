namespace RadTex.Prediction.Evaluation;

/// <summary>What subgroups are formed by.</summary>
/// <param name="Name">Such as "view" or "sex".</param>
/// <param name="Values">One a row of the data; null where it is not known.</param>
internal sealed record SubgroupColumn(string Name, IReadOnlyList<string?> Values)
{
    internal const string NotKnown = "not known";
}
