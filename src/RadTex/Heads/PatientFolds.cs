namespace RadTex.Heads;

/// <summary>Folds for cross-validation inside the labelled examples: no patient in two folds, and every class in every fold.</summary>
internal static class PatientFolds
{
    internal const int MostFolds = 5;

    /// <summary>The fold of each example, or null where a class has fewer than two patients of its own.</summary>
    /// <param name="patients">Each example's patient.</param>
    /// <param name="classes">Each example's class.</param>
    /// <param name="random">Orders the patients.</param>
    internal static int[]? Assign(IReadOnlyList<string> patients, IReadOnlyList<int> classes, CounterRandom random)
    {
        var sizes = classes.CountBy(c => c).ToDictionary();
        // A patient counts for the rarest class he or she shows.
        var byPatient = Enumerable.Range(0, patients.Count).GroupBy(i => patients[i], StringComparer.Ordinal)
            .Select(g => (Examples: g.ToArray(), Class: g.Select(i => classes[i]).MinBy(c => (sizes[c], c)))).ToArray();
        int fewest = sizes.Keys.Min(c => byPatient.Count(p => p.Class == c));
        int folds = Math.Min(MostFolds, fewest);
        if (folds < 2) return null;
        var fold = new int[patients.Count];
        int next = 0; // dealt on from class to class, so that the folds' sizes stay level
        foreach (int c in sizes.Keys.OrderBy(c => sizes[c]).ThenBy(c => c))
        {
            var own = byPatient.Where(p => p.Class == c).ToArray();
            foreach (int p in random.Permutation(own.Length))
            {
                foreach (int i in own[p].Examples) fold[i] = next % folds;
                next++;
            }
        }
        return fold;
    }
}
