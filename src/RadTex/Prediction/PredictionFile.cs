using System.Globalization;
using System.Text.Json;
using CsvHelper;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Prediction.Onnx;
using RadTex.Studies;

namespace RadTex.Prediction;

/// <summary>
/// Predictions as a file, by its ending: <c>.csv</c>, <c>.json</c> or <c>.parquet</c>. A row a picture, label and class, with the head and encoder it
/// comes from; a row without a probability a picture that the gate refused.
/// </summary>
public static class PredictionFile
{

    /// <summary>Checks before any work that predictions can be written to a file of that name.</summary>
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
        ".parquet" => WriteParquet,
        var ending => throw new UserErrorException($"The setting 'out' = {path}: the ending '{ending}' is no format. "
            + "Expected .csv, .json or .parquet."),
    };

    // Of an ensemble of networks several, with spaces between them.
    private static string EncodersOf(ModelOutput? output, Predictions predictions) =>
        output?.Members is { } members ? string.Join(' ', members.Select(m => m.EncoderSha256).Distinct()) : predictions.Notes.Encoder.WeightsSha256;

    /// <summary>A row a judged picture and output, a row a picture that is not judged.</summary>
    private static IEnumerable<(JudgedPicture Picture, ModelOutput? Output, float? Probability)> Rows(Predictions predictions) =>
        predictions.Pictures.SelectMany(picture =>
        picture.Probabilities is { } values
            ? predictions.Notes.Outputs.Select((output, k) => (picture, (ModelOutput?)output, (float?)values[k]))
            : [(picture, null, null)]);

    private static void WriteCsv(Stream stream, Predictions predictions)
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord([
            "path", "label", "outcome", "probability", "threshold", "decision", "head", "examples", "model_sha256", "encoder_sha256",
            "synthetic_encoder", "runtime", "gate", "gate_reason",
        ]);
        foreach (var (picture, output, probability) in Rows(predictions))
            csv.WriteRecord([
                picture.Name, output?.Label ?? "", output?.Outcome ?? "", probability?.ToString("G7", CultureInfo.InvariantCulture) ?? "",
                output?.Threshold?.Probability.ToString("G7", CultureInfo.InvariantCulture) ?? "", Decision(output, probability) ?? "",
                output?.Head ?? "", output?.Examples.ToString(CultureInfo.InvariantCulture) ?? "", predictions.ModelSha256 ?? "",
                EncodersOf(output, predictions), predictions.Notes.Encoder.Synthetic ? "true" : "false", predictions.Runtime,
                picture.Refusal?.Rule.Name() ?? "", picture.Refusal?.Reason ?? "",
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
        Gate = predictions.Notes.Likeness?.Card,
        Pictures = predictions.Pictures.Select(picture => new
        {
            Path = picture.Name,
            Gate = picture.Refusal?.Rule.Name(),
            GateReason = picture.Refusal?.Reason,
            Probabilities = picture.Probabilities is { } values ? predictions.Notes.Outputs.Select((o, k) => new
            {
                o.Label,
                o.Outcome,
                Probability = values[k],
                Threshold = o.Threshold?.Probability,
                Decision = o.DecisionAt(values[k]),
            }) : null,
        }),
        LeftOut = predictions.Rejected.Select(r => new { r.Path, r.Reason }),
    }, JsonFormat.Indented);

    private static string? Decision(ModelOutput? output, float? probability) => probability is { } p ? output?.DecisionAt(p) : null;

    private static void WriteParquet(Stream stream, Predictions predictions) =>
        new ParquetColumns<(JudgedPicture Picture, ModelOutput? Output, float? Probability)>()
            .Text(new("path"), r => r.Picture.Name)
            .Text(new("label"), r => r.Output?.Label)
            .Text(new("outcome"), r => r.Output?.Outcome)
            .Optional<float>(new("probability"), r => r.Probability)
            .Optional<double>(new("threshold"), r => r.Output?.Threshold?.Probability)
            .Text(new("decision"), r => Decision(r.Output, r.Probability))
            .Text(new("head"), r => r.Output?.Head)
            .Optional<int>(new("examples"), r => r.Output?.Examples)
            .Text(new("model_sha256"), _ => predictions.ModelSha256)
            .Text(new("encoder_sha256"), r => EncodersOf(r.Output, predictions))
            .Value<bool>(new("synthetic_encoder"), _ => predictions.Notes.Encoder.Synthetic)
            .Text(new("runtime"), _ => predictions.Runtime)
            .Text(new("gate"), r => r.Picture.Refusal?.Rule.Name())
            .Text(new("gate_reason"), r => r.Picture.Refusal?.Reason)
            .Write(stream, [[.. Rows(predictions)]]);
}
