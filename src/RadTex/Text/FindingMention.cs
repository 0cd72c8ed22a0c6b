namespace RadTex.Text;

/// <summary>One place where a text speaks of a finding.</summary>
/// <param name="Finding">One of <see cref="ChexpertFindings.Names"/>.</param>
/// <param name="Status">How it speaks of it.</param>
/// <param name="Start">First character in the text.</param>
/// <param name="Length">Characters.</param>
public sealed record FindingMention(string Finding, Mention Status, int Start, int Length);
