namespace RadTex.Gating;

/// <summary>Why one picture is not judged.</summary>
/// <param name="Rule">The rule it failed.</param>
/// <param name="Reason">In words, such as "its header states view LL, which is not frontal". Nothing of a header that could be a patient's.</param>
public sealed record Refusal(GateRule Rule, string Reason)
{
    /// <summary>As it is shown beside a picture: "not judged: ...".</summary>
    public override string ToString() => $"not judged: {Reason}";
}
