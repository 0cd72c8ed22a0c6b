using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using RadTex.Service.Doors;
using RadTex.Service.Judging;
using RadTex.Service.Models;
using RadTex.Service.Spool;

namespace RadTex.Service.Web;

/// <summary>
/// The Open Inference Protocol, version 2, as Triton and KServe speak it. The input is a tensor of BYTES, a file an element: base64 in JSON, or raw
/// behind it with the binary extension. Preprocessing is the service's, not the caller's. A picture that is not judged is an error, never a number.
/// </summary>
internal sealed class InferenceEndpoints(
    Intake intake, InstanceQueue queue, AnswerBoard board, ModelShelf shelf, Func<bool> isReady, TimeSpan patience, long largestRequest)
{
    private const string Door = "v2", Json = "application/json", HeaderLength = "Inference-Header-Content-Length", BinarySize = "binary_data_size";
    private const string Input = "image", Output = "probabilities";
    private const int MostPictures = 64;

    internal void Map(IEndpointRouteBuilder to)
    {
        to.MapGet("/v2", () => Results.Text(JsonSerializer.Serialize(
            new { Name = "radtex", Version = Version(), Extensions = new[] { "binary_tensor_data" } }, JsonFormat.Line), Json)).WithName("v2Server")
            .WithSummary("The server's metadata.").Produces<object>();
        to.MapGet("/v2/health/live", () => Results.Text("{\"live\":true}", Json)).WithName("v2Live").WithSummary("Whether it runs.")
            .Produces<object>();
        to.MapGet("/v2/health/ready", () => isReady() ? Results.Text("{\"ready\":true}", Json) : Results.Text("{\"ready\":false}", Json, null, 503))
            .WithName("v2Ready").WithSummary("Whether it can take something.").Produces<object>().Produces<object>(503);
        to.MapGet("/v2/models/{model}", (Delegate)MetadataAsync)
            .WithName("v2Model").WithSummary("A model's inputs and outputs.").Produces<object>().ProducesProblem(404);
        to.MapGet("/v2/models/{model}/ready", (string model) => shelf.Find(model) is null ? Results.Text("{\"ready\":false}", Json, null, 404)
            : Results.Text("{\"ready\":true}", Json)).WithName("v2ModelReady").WithSummary("Whether a model is served.").Produces<object>();
        to.MapPost("/v2/models/{model}/infer", (Delegate)InferAsync)
            .WithName("v2Infer").WithSummary("Judges files given as a tensor of BYTES.").Accepts<object>(Json).Produces<object>().ProducesProblem(400)
            .ProducesProblem(404).ProducesProblem(422);
    }

    private async Task MetadataAsync(HttpContext context, string model)
    {
        if (shelf.Find(model) is not { } found)
        {
            await FailAsync(context, 404, RefusalReason.UnknownModel.Words()).ConfigureAwait(false);
            return;
        }
        var outputs = found.Model.Notes.Outputs;
        await Problem.WriteAsync(context, 200, new
        {
            found.Name,
            Versions = new[] { found.Sha256 },
            Platform = "onnxruntime_onnx",
            Inputs = new[] { new { Name = Input, Datatype = "BYTES", Shape = new[] { -1 } } },
            Outputs = new[] { new { Name = Output, Datatype = "FP32", Shape = new[] { -1, outputs.Count }, Labels = outputs.Select(o => o.Label) } },
        }, Json, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task InferAsync(HttpContext context, string model)
    {
        // It is whole in memory before it is read.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = largestRequest;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        (string? Id, IReadOnlyList<byte[]> Files)? asked = null;
        try { asked = Read(body.GetBuffer().AsMemory(0, (int)body.Length), context.Request.Headers[HeaderLength]); }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException) { }
        if (asked is not var (id, files))
        {
            await FailAsync(
                context, 400, $"expected an input '{Input}' of datatype BYTES, an element a file, base64 or binary, at most {MostPictures}")
                .ConfigureAwait(false);
            return;
        }
        var answers = new List<Answer>();
        var receipts = new List<Receipt>();
        foreach (var file in files)
        {
            using var stream = new MemoryStream(file, writable: false);
            var receipt = await intake.TakeAsync(stream, new(Door, Caller.Of(context), Model: model), context.RequestAborted).ConfigureAwait(false);
            if (receipt.Refusal is { } reason)
            {
                await FailAsync(context, reason.Status(), $"element {receipts.Count}: {reason.Words()}").ConfigureAwait(false);
                return;
            }
            receipts.Add(receipt);
        }
        foreach (var (i, receipt) in receipts.Index())
        {
            long row = receipt.Instance!.Id;
            await board.WaitAsync(row, () => queue.Find(row) is { State: not InstanceState.Received }, patience, context.RequestAborted)
                .ConfigureAwait(false);
            if (queue.Find(row)?.Answer is not { } json)
            {
                await FailAsync(context, 503, $"element {i}: its answer takes too long").ConfigureAwait(false);
                return;
            }
            answers.Add(Answer.Parse(json));
            if (answers[^1].Reason is not { } refusal) continue;
            await FailAsync(context, 422, $"element {i}: not judged: {refusal}").ConfigureAwait(false);
            return;
        }
        await Problem.WriteAsync(context, 200, new
        {
            ModelName = model,
            ModelVersion = answers[0].ModelSha256,
            Id = id ?? "",
            Parameters = new { Notice = Answer.NotForDiagnosis, Labels = answers[0].Findings.Select(f => f.Label) },
            Outputs = new[]
            {
                new
                {
                    Name = Output, Datatype = "FP32", Shape = new[] { answers.Count, answers[0].Findings.Count },
                    Data = answers.SelectMany(a => a.Findings.Select(f => f.Probability)),
                },
            },
        }, Json, context.RequestAborted).ConfigureAwait(false);
    }

    // The JSON head, then what stands behind it: each element with its length before it.
    private static (string? Id, IReadOnlyList<byte[]> Files) Read(Memory<byte> body, string? headerLength)
    {
        int head = headerLength is null ? body.Length
            : int.Parse(headerLength, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
        if (head > body.Length) throw new FormatException("the head is longer than the body");
        using var document = JsonDocument.Parse(body[..head], JsonFormat.Tree);
        var root = document.RootElement;
        var input = root.GetProperty("inputs").EnumerateArray().Single();
        if (input.GetProperty("name").GetString() != Input || input.GetProperty("datatype").GetString() != "BYTES")
            throw new FormatException("another input");
        var id = root.TryGetProperty("id", out var named) && named.GetString() is { Length: <= 128 } text ? text : null;
        bool isBinary = input.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty(BinarySize, out _);
        List<byte[]> files = isBinary
            ? Elements(body.Span[head..])
            : [.. input.GetProperty("data").EnumerateArray().Select(e => e.GetBytesFromBase64())];
        return files.Count is > 0 and <= MostPictures ? (id, files) : throw new FormatException("no or too many elements");
    }

    private static List<byte[]> Elements(ReadOnlySpan<byte> bytes)
    {
        var elements = new List<byte[]>();
        while (bytes.Length > 0)
        {
            if (bytes.Length < 4 || elements.Count == MostPictures) throw new FormatException("an element is cut off");
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length < 0 || length > bytes.Length - 4) throw new FormatException("an element is cut off");
            elements.Add(bytes.Slice(4, length).ToArray());
            bytes = bytes[(4 + length)..];
        }
        return elements;
    }

    private static string Version() => typeof(InferenceEndpoints).Assembly.GetName().Version!.ToString(3);

    private static Task FailAsync(HttpContext context, int status, string error) =>
        Problem.WriteAsync(context, status, new { Error = error }, Json, context.RequestAborted);
}
