namespace RadTex.Selection;

/// <summary>The classifier of the labels so far, as far as policies ask it.</summary>
public interface ISelectionHead
{
    /// <summary>The probability that the finding is present in a row of the pool.</summary>
    public double Probability(int row);

    /// <summary>The same with some features taken for their mean, the others enlarged to make up for them: dropout on features.</summary>
    /// <param name="row">Of the pool.</param>
    /// <param name="dropped">[F], whether a feature is dropped.</param>
    /// <param name="keep">The share that is kept, which the others are divided by.</param>
    public double Probability(int row, ReadOnlySpan<bool> dropped, double keep);
}
