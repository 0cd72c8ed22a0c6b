namespace RadTex.Heads;

/// <summary>Which labelled radiographs a trial learns from: uniform over all of them, without balancing the classes.</summary>
internal static class LabelDraw
{
    internal const int MostRedraws = 10_000;

    /// <summary>
    /// The order in which a trial takes labelled radiographs; its first N are its draw of N, so that draws are nested. Drawn again while
    /// the smallest N shows one class only, from which nothing can be learnt.
    /// </summary>
    /// <param name="classes">Of all labelled radiographs.</param>
    /// <param name="smallest">The smallest N.</param>
    /// <param name="random">The trial's own stream.</param>
    /// <returns>The order and how often it was drawn again; null after <see cref="MostRedraws"/>.</returns>
    internal static (int[] Order, int Redraws)? Order(IReadOnlyList<int> classes, int smallest, CounterRandom random)
    {
        for (int redraws = 0; redraws < MostRedraws; redraws++)
        {
            var order = random.Permutation(classes.Count);
            if (order.Take(smallest).Select(p => classes[p]).Distinct().Count() > 1) return (order, redraws);
        }
        return null;
    }
}
