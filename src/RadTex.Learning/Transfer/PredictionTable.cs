using Parquet.Schema;
using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary><c>predictions.parquet</c>: every head's probability for every test radiograph, a row group a head; grades have a row a class.</summary>
internal static class PredictionTable
{
    private static readonly ParquetColumns<Row> Columns = new ParquetColumns<Row>()
        .Text(Text("image_id"), r => r.Radiograph.ImageId)
        .Text(Text("patient_id"), r => r.Radiograph.PatientId)
        .Text(Text("label"), r => r.Trial.Task)
        .Value(new("truth"), r => r.Truth)
        .Value(new("trial"), r => r.Trial.Trial)
        .Value(new("n"), r => r.Trial.Count)
        .Text(Text("head"), r => r.Trial.Head.Name())
        .Value(new("class"), r => r.Class)
        .Value(new("probability"), r => r.Probability);

    /// <param name="path">The file.</param>
    /// <param name="trials">The heads.</param>
    /// <param name="predict">Test radiographs of a head's task, their classes and their probabilities: [n] of class 1, or [n, C].</param>
    internal static void Write(
        string path, IEnumerable<TrialResult> trials,
        Func<TrialResult, (IReadOnlyList<PreparedRadiograph> Radiographs, int[] Classes, double[] Probabilities)> predict) =>
        AtomicFile.Write(path, stream => Columns.Write(stream, trials.Select(trial => RowsOf(trial, predict(trial)))));

    private static Row[] RowsOf(
        TrialResult trial, (IReadOnlyList<PreparedRadiograph> Radiographs, int[] Classes, double[] Probabilities) predicted)
    {
        var (radiographs, classes, probabilities) = predicted;
        int outputs = probabilities.Length / classes.Length;
        return [.. probabilities.Select((p, i) => new Row(
            trial, radiographs[i / outputs], classes[i / outputs], outputs == 1 ? 1 : i % outputs, p))];
    }

    private static DataField<string> Text(string name) => new(name, false);

    /// <summary>A probability.</summary>
    /// <param name="Trial">The head that gave it.</param>
    /// <param name="Radiograph">Of what.</param>
    /// <param name="Truth">Its class.</param>
    /// <param name="Class">The class that is probable.</param>
    /// <param name="Probability">How probable.</param>
    private sealed record Row(TrialResult Trial, PreparedRadiograph Radiograph, int Truth, int Class, double Probability);
}
