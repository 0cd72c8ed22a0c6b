namespace RadTex.Studio;

/// <summary>What a reader chose before the first picture.</summary>
/// <param name="Findings">What is asked of each radiograph.</param>
/// <param name="Classes">2 for present and absent, or the number of grades.</param>
/// <param name="Together">Whether a picture stays in view until each finding has its answer.</param>
/// <param name="Readers">Handles of those who read.</param>
/// <param name="SharedShare">The share of pictures that every reader is asked, 0 to 1.</param>
/// <param name="Policy">What chooses pictures outside the reserve.</param>
internal sealed record SetupChoice(
    IReadOnlyList<string> Findings, int Classes, bool Together, IReadOnlyList<string> Readers, double SharedShare, string Policy);
