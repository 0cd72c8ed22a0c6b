using RadTex.Data;
using RadTex.Learning.Pretraining;
using RadTex.Metrics.Intervals;
using static TorchSharp.torch;

namespace RadTex.Learning.ZeroShot;

/// <summary>
/// How often a radiograph's own report is among the nearest, and a report's own radiograph. One radiograph a study; the patient's other studies are
/// left out. A report that is the same word for word is not another.
/// </summary>
/// <param name="Direction">"report of a radiograph" or "radiograph of a report".</param>
/// <param name="Nearest">How many are looked at.</param>
/// <param name="Recall">Part that is found, with its interval over patients.</param>
/// <param name="Chance">What a random order finds.</param>
internal sealed record Retrieval(string Direction, int Nearest, Interval Recall, double Chance)
{
    private static readonly int[] Depths = [1, 5, 10];
    private const int RowsAtOnce = 256;

    internal static IReadOnlyList<Retrieval> Of(
        PromptCosine model, RadiographBatches images, PreparedDataset dataset, IReadOnlyList<int> radiographs, int batchSize,
        CancellationToken cancellation)
    {
        int[] rows = [.. dataset.Studies.OnePerStudy(radiographs.Where(i => dataset[i].Text is not null))];
        if (rows.Length < 2) return [];
        using var scope = NewDisposeScope();
        int[][] tokens = [.. rows.Select(i => model.Tokenizer.Encode(dataset[i].Text!))];
        var (pictures, texts) = (model.Vectors(images, rows, batchSize, cancellation), model.Vectors(tokens));
        int[] patients = [.. rows.Select(dataset.Studies.PatientOf)];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] sameText =
            [.. tokens.Select(t => string.Join(' ', t)).Select(text => numbers.TryGetValue(text, out int n) ? n : numbers[text] = numbers.Count)];
        var result = new List<Retrieval>();
        foreach (var (direction, from, to) in ((string, Tensor, Tensor)[])
            [("report of a radiograph", pictures, texts), ("radiograph of a report", texts, pictures)])
        {
            int[] ahead = Ahead(from, to, patients, sameText, cancellation);
            var candidates = Candidates(patients, sameText);
            foreach (int depth in Depths)
                result.Add(new(
                    direction, depth, PatientProportion.Of([.. ahead.Select(a => a < depth)], patients)!.Value,
                    candidates.Average(c => Math.Min(1, (double)depth / (c + 1)))));
        }
        return result;
    }

    /// <summary>
    /// Of each row the candidates that stand before its own: of other patients and other text, and no farther. Ties count as before.
    /// </summary>
    internal static int[] Ahead(Tensor from, Tensor to, int[] patients, int[] sameText, CancellationToken cancellation = default)
    {
        int count = patients.Length;
        var ahead = new int[count];
        for (int first = 0; first < count; first += RowsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int some = Math.Min(RowsAtOnce, count - first);
            float[] cosines = from.narrow(0, first, some).matmul(to.t()).to(ScalarType.Float32).contiguous().data<float>().ToArray(); // [some, N]
            for (int r = 0; r < some; r++)
            {
                int own = first + r;
                var row = cosines.AsSpan(r * count, count);
                for (int c = 0; c < count; c++)
                    if (row[c] >= row[own] && patients[c] != patients[own] && sameText[c] != sameText[own]) ahead[own]++;
            }
        }
        return ahead;
    }

    private static int[] Candidates(int[] patients, int[] sameText) =>
        [.. Enumerable.Range(0, patients.Length).Select(own =>
            Enumerable.Range(0, patients.Length).Count(c => patients[c] != patients[own] && sameText[c] != sameText[own]))];
}
