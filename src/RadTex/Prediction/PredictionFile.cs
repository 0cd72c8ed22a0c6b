using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Parquet;
using Parquet.Schema;
using RadTex.Onnx;

namespace RadTex.Prediction;

/// <summary>Predictions as a file, by its ending: <c>.csv</c>, <c>.json</c> or <c>.parquet</c>. A row a picture, label and class, with the head and encoder it comes from.</summary>
public static class PredictionFile
{
    private static readonly JsonSerializerOptions Format = JsonFormat.Indented;

    /// <exception cref="UserErrorException">Another ending.</exception>
    public static void CheckEnding(string path) => _ = Writer(path);

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, Predictions predictions)
    {
        var write = Writer(path);
        AtomicFile.Write(path, stream => write(stream, predictions));
    }

    private static Action<Stream, Predictions> Writer(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => WriteCsv,
        ".json" => WriteJson,
        ".parquet" => (stream, predictions) => WriteParquetAsync(stream, predictions).GetAwaiter().GetResult(),
        var ending => throw new UserErrorException($"--out {path}: the ending '{ending}' is no format. Expected .csv, .json or .parquet."),
    };

    // Of an ensemble of networks several, with spaces between them.
    private static string EncodersOf(ModelOutput output, Predictions predictions) =>
        output.Members is { } members ? string.Join(' ', members.Select(m => m.EncoderSha256).Distinct()) : predictions.Notes.Encoder.WeightsSha256;

    private static void WriteCsv(Stream stream, Predictions predictions)
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["path", "label", "outcome", "probability", "threshold", "decision", "head", "examples", "model_sha256", "encoder_sha256", "synthetic_encoder", "runtime"]);
        var encoder = predictions.Notes.Encoder;
        for (int i = 0; i < predictions.Paths.Count; i++)
            foreach (var (output, k) in predictions.Notes.Outputs.Select((o, k) => (o, k)))
                csv.WriteRecord([
                    predictions.Paths[i], output.Label, output.Outcome, predictions.Probabilities[i][k].ToString("G7", CultureInfo.InvariantCulture),
                    output.Threshold?.Probability.ToString("G7", CultureInfo.InvariantCulture) ?? "", output.DecisionAt(predictions.Probabilities[i][k]) ?? "", output.Head, output.Examples.ToString(CultureInfo.InvariantCulture), predictions.ModelSha256 ?? "", EncodersOf(output, predictions), encoder.Synthetic ? "true" : "false", predictions.Runtime,
                ]);
    }

    private static void WriteJson(Stream stream, Predictions predictions) => JsonSerializer.Serialize(stream, new
    {
        predictions.ModelSha256,
        predictions.Notes.Encoder,
        predictions.Notes.Preparation,
        predictions.Notes.Quantisation,
        predictions.Runtime,
        predictions.Notes.Outputs,
        Pictures = predictions.Paths.Select((path, i) => new
        {
            Path = path,
            Probabilities = predictions.Notes.Outputs.Select((o, k) => new
            {
                o.Label,
                o.Outcome,
                Probability = predictions.Probabilities[i][k],
                Threshold = o.Threshold?.Probability,
                Decision = o.DecisionAt(predictions.Probabilities[i][k]),
            }),
        }),
        LeftOut = predictions.Rejected.Select(r => new { r.Path, r.Reason }),
    }, Format);

    private static async Task WriteParquetAsync(Stream stream, Predictions predictions)
    {
        DataField<string> path = new("path", false), label = new("label", false), outcome = new("outcome", false), model = new("model_sha256", true), head = new("head", false), encoder = new("encoder_sha256", false), runtime = new("runtime", false);
        DataField<int> examples = new("examples");
        var probability = new DataField<float>("probability");
        var threshold = new DataField<double?>("threshold");
        var decision = new DataField<string>("decision", true);
        var synthetic = new DataField<bool>("synthetic_encoder");
        var outputs = predictions.Notes.Outputs;
        var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(path, label, outcome, probability, threshold, decision, head, examples, model, encoder, synthetic, runtime), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            int count = predictions.Paths.Count * outputs.Count;
            T[] Each<T>(Func<int, int, T> value) => [.. Enumerable.Range(0, count).Select(i => value(i / outputs.Count, i % outputs.Count))];
            using var columns = writer.CreateRowGroup();
            await columns.WriteAsync(path, Each((i, _) => predictions.Paths[i])).ConfigureAwait(false);
            await columns.WriteAsync(label, Each((_, k) => outputs[k].Label)).ConfigureAwait(false);
            await columns.WriteAsync(outcome, Each((_, k) => outputs[k].Outcome)).ConfigureAwait(false);
            await columns.WriteAsync<float>(probability, Each((i, k) => predictions.Probabilities[i][k])).ConfigureAwait(false);
            await columns.WriteAsync<double>(threshold, Each((_, k) => outputs[k].Threshold?.Probability)).ConfigureAwait(false);
            await columns.WriteAsync(decision, Each((i, k) => outputs[k].DecisionAt(predictions.Probabilities[i][k])!)).ConfigureAwait(false);
            await columns.WriteAsync(head, Each((_, k) => outputs[k].Head)).ConfigureAwait(false);
            await columns.WriteAsync<int>(examples, Each((_, k) => outputs[k].Examples)).ConfigureAwait(false);
            await columns.WriteAsync(model, Each((_, _) => predictions.ModelSha256!)).ConfigureAwait(false);
            await columns.WriteAsync(encoder, Each((_, k) => EncodersOf(outputs[k], predictions))).ConfigureAwait(false);
            await columns.WriteAsync<bool>(synthetic, Each((_, _) => predictions.Notes.Encoder.Synthetic)).ConfigureAwait(false);
            await columns.WriteAsync(runtime, Each((_, _) => predictions.Runtime)).ConfigureAwait(false);
        }
    }
}
