namespace RadTex.Selection;

/// <summary>
/// Which radiographs are labelled next. A policy has no state of its own, so that a session stopped at any label goes on as it would have.
/// </summary>
public interface ISelectionPolicy
{
    /// <summary>Its name in tables and options.</summary>
    public string Name { get; }

    /// <summary>Whom it is by, for tables.</summary>
    public string Source { get; }

    /// <summary>Whether it asks the head of the labels so far, or looks at the pictures alone.</summary>
    public bool UsesHead { get; }

    /// <summary>Chooses rows, the first to be asked first.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="count">How many; fewer come where fewer are available.</param>
    public IReadOnlyList<int> Choose(SelectionState state, int count);
}
