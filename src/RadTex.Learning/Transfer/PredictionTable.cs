using Parquet;
using Parquet.Schema;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary><c>predictions.parquet</c>: every head's probability for every test radiograph, a row group a head; grades have a row a class.</summary>
internal sealed class PredictionTable
{
    private static readonly DataField<string> ImageId = new("image_id", false), PatientId = new("patient_id", false), Label = new("label", false),
        Head = new("head", false);
    private static readonly DataField<int> Truth = new("truth"), Trial = new("trial"), N = new("n"), Class = new("class");
    private static readonly DataField<double> Probability = new("probability");

    /// <param name="path">The file.</param>
    /// <param name="trials">The heads.</param>
    /// <param name="predict">Test radiographs of a head's task, their classes and their probabilities: [n] of class 1, or [n, C].</param>
    internal static void Write(
        string path, IEnumerable<TrialResult> trials,
        Func<TrialResult, (IReadOnlyList<PreparedRadiograph> Radiographs, int[] Classes, double[] Probabilities)> predict) =>
        AtomicFile.Write(path, stream => WriteAsync(stream, trials, predict).GetAwaiter().GetResult());

    private static async Task WriteAsync(
        Stream stream, IEnumerable<TrialResult> trials,
        Func<TrialResult, (IReadOnlyList<PreparedRadiograph> Radiographs, int[] Classes, double[] Probabilities)> predict)
    {
        var schema = new ParquetSchema(ImageId, PatientId, Label, Truth, Trial, N, Head, Class, Probability);
        var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd })
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var trial in trials)
            {
                var (radiographs, classes, probabilities) = predict(trial);
                int count = probabilities.Length, outputs = count / classes.Length;
                T[] Each<T>(Func<int, T> value) => [.. Enumerable.Range(0, count).Select(i => value(i / outputs))];
                T[] All<T>(T value) => [.. Enumerable.Repeat(value, count)];
                using var columns = writer.CreateRowGroup();
                await columns.WriteAsync(ImageId, Each(i => radiographs[i].ImageId)).ConfigureAwait(false);
                await columns.WriteAsync(PatientId, Each(i => radiographs[i].PatientId)).ConfigureAwait(false);
                await columns.WriteAsync(Label, All(trial.Task)).ConfigureAwait(false);
                await columns.WriteAsync<int>(Truth, Each(i => classes[i])).ConfigureAwait(false);
                await columns.WriteAsync<int>(Trial, All(trial.Trial)).ConfigureAwait(false);
                await columns.WriteAsync<int>(N, All(trial.Count)).ConfigureAwait(false);
                await columns.WriteAsync(Head, All(trial.Head.Name())).ConfigureAwait(false);
                await columns.WriteAsync<int>(Class, Enumerable.Range(0, count).Select(i => outputs == 1 ? 1 : i % outputs).ToArray())
                    .ConfigureAwait(false);
                await columns.WriteAsync<double>(Probability, probabilities).ConfigureAwait(false);
            }
        }
    }
}
