namespace RadTex.Experiments.Reproduction;

/// <summary>What the runs say of a claim, in the order in which a page tells it: losses first.</summary>
public enum ClaimOutcome
{
    /// <summary>A comparison it rests on is declared against it.</summary>
    DoesNotHold,

    /// <summary>Nothing was decided, or the plan makes no such claim.</summary>
    CannotBeSaid,

    /// <summary>Some of its comparisons are declared for it and none against it, or something it needs was not run.</summary>
    HoldsInPart,

    /// <summary>Every comparison it rests on is declared for it.</summary>
    Holds,
}
