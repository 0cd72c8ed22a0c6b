using System.Globalization;
using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Learning.Pretraining;

/// <summary>A part of the training patients, for pretraining on less (the paper's Figure 3): by patient, since one's radiographs are alike.</summary>
internal static class PatientFraction
{
    /// <summary>The radiographs of the chosen patients, in their order. Of one seed a smaller part lies in a larger one.</summary>
    /// <exception cref="UserErrorException">No patient is left.</exception>
    internal static IReadOnlyList<int> Take(PreparedDataset dataset, IReadOnlyList<int> indices, double fraction, long seed)
    {
        if (fraction >= 1) return indices;
        // The key keeps this draw apart from the one that made the splits.
        var key = string.Create(CultureInfo.InvariantCulture, $"fraction {seed}");
        int[] chosen = [.. indices.Where(i => PatientSplits.UnitHash(key, dataset[i].PatientId) < fraction)];
        return chosen.Length > 0 ? chosen : throw new UserErrorException(
            $"training.fraction {fraction} leaves no radiograph of {dataset.Folder}. Take a larger part.");
    }
}
