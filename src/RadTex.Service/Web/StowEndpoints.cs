using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RadTex.Service.Doors;

namespace RadTex.Service.Web;

/// <summary>STOW-RS (PS3.18, 10.5): instances in; which were taken, and of each other one why not.</summary>
internal sealed class StowEndpoints(Intake intake)
{
    private const string Door = "stow", DicomJson = "application/dicom+json";
    private const string SopClass = "00081150", SopInstance = "00081155", Referenced = "00081199", Failed = "00081198", FailureReason = "00081197",
        FailedAttributes = "00741048", ErrorComment = "00000902";

    internal void Map(IEndpointRouteBuilder to)
    {
        foreach (var (route, name) in (ReadOnlySpan<(string, string)>)[("/dicom-web/studies", "stow"), ("/dicom-web/studies/{study}", "stowStudy")])
            to.MapPost(route, (Delegate)PostAsync)
                .WithName(name).WithSummary("Stores instances to be judged (DICOM PS3.18, STOW-RS).")
                .WithDescription("200 where all were taken, 202 where some were, 409 where none was; of each a reference or a failure reason.")
                .Accepts<byte[]>("multipart/related").Produces<object>(200, DicomJson).Produces<object>(202, DicomJson)
                .Produces<object>(409, DicomJson).ProducesProblem(401).ProducesProblem(415).ProducesProblem(503).ProducesProblem(507);
    }

    private async Task PostAsync(HttpContext context, string? study = null)
    {
        if (context.Request.ContentType?.StartsWith("multipart/related", StringComparison.OrdinalIgnoreCase) != true)
        {
            await Problem.WriteAsync(context, 415, "expected multipart/related; type=\"application/dicom\"", context.RequestAborted)
                .ConfigureAwait(false);
            return;
        }
        if (intake.Closed() is { } closed)
        {
            context.Response.Headers.RetryAfter = "5";
            await Problem.WriteAsync(context, closed.Status(), closed.Words(), context.RequestAborted).ConfigureAwait(false);
            return;
        }
        JsonArray taken = [], refused = [];
        var by = new Arrival(Door, Caller.Of(context), Study: study ?? "");
        await foreach (var part in RequestParts.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false))
        {
            var receipt = await intake.TakeAsync(part, by, context.RequestAborted).ConfigureAwait(false);
            if (receipt.Refusal is { } reason) refused.Add((JsonNode)FailedItem(receipt, reason));
            else taken.Add((JsonNode)Item(receipt));
        }
        var answer = new JsonObject();
        if (taken.Count > 0) answer[Referenced] = Sequence(taken);
        if (refused.Count > 0) answer[Failed] = Sequence(refused);
        int status = refused.Count == 0 && taken.Count > 0 ? 200 : taken.Count > 0 ? 202 : 409;
        await Problem.WriteAsync(context, status, answer.ToJsonString(), DicomJson, context.RequestAborted).ConfigureAwait(false);
    }

    private static JsonObject Item(Receipt receipt) =>
        new() { [SopClass] = Value("UI", receipt.Sop.Class), [SopInstance] = Value("UI", receipt.Sop.Instance) };

    private static JsonObject FailedItem(Receipt receipt, RefusalReason reason)
    {
        var item = Item(receipt);
        item[FailureReason] = Value("US", reason.FailureReason());
        item[FailedAttributes] = Sequence([new JsonObject { [ErrorComment] = Value("LO", reason.Words()) }]);
        return item;
    }

    private static JsonObject Sequence(JsonArray items) => new() { ["vr"] = "SQ", ["Value"] = items };

    private static JsonObject Value(string representation, JsonNode value) =>
        value is JsonValue text && text.TryGetValue(out string? empty) && empty.Length == 0 ? new() { ["vr"] = representation }
            : new() { ["vr"] = representation, ["Value"] = new JsonArray(value) };
}
