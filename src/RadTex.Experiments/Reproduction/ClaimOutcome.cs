namespace RadTex.Experiments.Reproduction;

/// <summary>What the runs say of a claim, in the order in which a page tells it: losses first.</summary>
public enum ClaimOutcome
{
    DoesNotHold,
    CannotBeSaid,
    HoldsInPart,
    Holds,
}
