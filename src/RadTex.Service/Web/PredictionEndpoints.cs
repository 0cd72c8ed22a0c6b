using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RadTex.Files;
using RadTex.Service.Doors;
using RadTex.Service.Judging;
using RadTex.Service.Spool;

namespace RadTex.Service.Web;

/// <summary><c>/v1</c>: files in, answers out. What was accepted is answered even where the caller no longer waits.</summary>
internal sealed class PredictionEndpoints(Intake intake, InstanceQueue queue, SpoolFolder folder, AnswerBoard board, TimeSpan patience)
{
    private const string Door = "http", Json = "application/json", Dicom = "application/dicom";

    internal void Map(IEndpointRouteBuilder to)
    {
        to.MapPost("/v1/predictions", (Delegate)PostAsync)
            .WithName("predict").WithSummary("Judges a DICOM, JPEG, PNG or TIFF file, or several in parts.")
            .WithDescription(
                "One body gives one answer; a multipart body gives {\"predictions\": [...]} in the order of its parts. 202 and a Location "
                + "where the answer takes longer than the service waits. The same instance again gives the same answer.")
            .Accepts<byte[]>(Dicom, "image/jpeg", "image/png", "image/tiff", "multipart/form-data", "multipart/related")
            .Produces<Answer>().Produces(202).ProducesProblem(401).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422)
            .ProducesProblem(429).ProducesProblem(503).ProducesProblem(507);
        to.MapGet("/v1/predictions/{id:long}", (Delegate)GetAsync)
            .WithName("prediction").WithSummary("The answer of an instance that was accepted.").Produces<Answer>().Produces(202).ProducesProblem(404);
        to.MapGet("/v1/predictions/{id:long}/report", (Delegate)ReportAsync)
            .WithName("report").WithSummary("The structured report of an instance, as it is sent.").Produces<byte[]>(200, Dicom).ProducesProblem(404);
    }

    private async Task PostAsync(HttpContext context)
    {
        var receipts = new List<Receipt>();
        bool isMany = context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
        await foreach (var part in RequestParts.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false))
            receipts.Add(await intake.TakeAsync(part, new(Door, Caller.Of(context)), context.RequestAborted).ConfigureAwait(false));
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patient.CancelAfter(patience);
        foreach (var receipt in receipts.Where(r => r.Instance is not null))
        {
            try { await WaitAsync(receipt.Instance!.Id, patient.Token).ConfigureAwait(false); }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested) { break; }
        }
        if (!isMany)
        {
            if (receipts[0].Refusal is { } reason) await RefuseAsync(context, reason).ConfigureAwait(false);
            else await GetAsync(context, receipts[0].Instance!.Id).ConfigureAwait(false);
            return;
        }
        var all = new JsonArray([.. receipts.Select(Entry)]);
        await Problem.WriteAsync(context, 200, new JsonObject { ["predictions"] = all }.ToJsonString(), Json, context.RequestAborted)
            .ConfigureAwait(false);
    }

    private Task WaitAsync(long id, CancellationToken cancellation) =>
        board.WaitAsync(id, () => queue.Find(id) is { State: not InstanceState.Received }, patience, cancellation);

    private JsonNode Entry(Receipt receipt)
    {
        if (receipt.Refusal is { } reason)
            return new JsonObject { ["status"] = reason.Status(), ["refused"] = reason.Name(), ["reason"] = reason.Words() };
        var row = queue.Find(receipt.Instance!.Id);
        return row?.Answer is { } answer ? JsonNode.Parse(answer)!
            : new JsonObject { ["status"] = row?.State == InstanceState.Dead ? 500 : 202, ["location"] = AddressOf(receipt.Instance.Id) };
    }

    private async Task GetAsync(HttpContext context, long id)
    {
        var row = queue.Find(id);
        if (row is null) await Problem.WriteAsync(context, 404, "there is no such instance", context.RequestAborted).ConfigureAwait(false);
        else if (row.Answer is { } answer)
        {
            context.Response.Headers.Location = AddressOf(id);
            await Problem.WriteAsync(context, 200, answer, Json, context.RequestAborted).ConfigureAwait(false);
        }
        else if (row.State == InstanceState.Dead)
            await Problem.WriteAsync(context, 500, "its judging failed; an engineer can have it tried again", context.RequestAborted)
                .ConfigureAwait(false);
        else
        {
            context.Response.Headers.Location = AddressOf(id);
            context.Response.Headers.RetryAfter = "1";
            await Problem.WriteAsync(context, 202, new { State = row.State.ToString().ToLowerInvariant() }, Json, context.RequestAborted)
                .ConfigureAwait(false);
        }
    }

    private async Task ReportAsync(HttpContext context, long id)
    {
        var uid = queue.Find(id)?.Answer is { } answer ? Answer.Parse(answer).Report : null;
        var path = uid is null ? null : folder.Whole(SpoolFolder.AnswerName(id, uid));
        if (path is null || !File.Exists(path))
        {
            await Problem.WriteAsync(context, 404, "there is no report of it, or not yet", context.RequestAborted).ConfigureAwait(false);
            return;
        }
        context.Response.ContentType = Dicom;
        await context.Response.Body.WriteAsync(RegularFile.ReadAllBytes(path), context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task RefuseAsync(HttpContext context, RefusalReason reason)
    {
        if (reason.IsPassing()) context.Response.Headers.RetryAfter = "5";
        await Problem.WriteAsync(
            context, reason.Status(), new { Status = reason.Status(), Title = reason.Words(), Refused = reason.Name() }, Problem.ContentType,
            context.RequestAborted).ConfigureAwait(false);
    }

    private static string AddressOf(long id) => string.Create(CultureInfo.InvariantCulture, $"/v1/predictions/{id}");
}
