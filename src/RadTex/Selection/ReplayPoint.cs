using RadTex.Metrics.Intervals;

namespace RadTex.Selection;

/// <summary>What a replay came to at a number of labels.</summary>
/// <param name="Labels">Labels given.</param>
/// <param name="Positives">Those that say present.</param>
/// <param name="Auc">On the test radiographs, with their true labels; 0.5 while there is no head, since then nothing can be told apart.</param>
/// <param name="HasHead">Whether there was one.</param>
/// <param name="Reserve">What the reserve says of the AUC; null where it can say nothing.</param>
public sealed record ReplayPoint(int Labels, int Positives, double Auc, bool HasHead, Interval? Reserve);
