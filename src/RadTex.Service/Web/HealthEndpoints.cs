using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RadTex.Service.Doors;
using RadTex.Service.Models;

namespace RadTex.Service.Web;

/// <summary>Whether the service runs, and whether it can take something.</summary>
internal sealed class HealthEndpoints(Intake intake, ModelShelf shelf)
{
    private const string Json = "application/json";

    internal bool IsReady => intake.Closed() is null;

    internal void Map(IEndpointRouteBuilder to)
    {
        to.MapGet("/health/live", () => Results.Text("{\"live\":true}", Json)).WithName("live").WithSummary("Whether it runs.").Produces<object>();
        to.MapGet("/health/ready", Ready).WithName("ready").WithSummary("Whether it can take something: models, spool, disk.").Produces<object>()
            .Produces<object>(503);
    }

    private IResult Ready()
    {
        var closed = intake.Closed();
        var body = new
        {
            Ready = closed is null,
            Models = shelf.All.Count(),
            Spool = closed is not (RefusalReason.TooManyWait or RefusalReason.Draining),
            Disk = closed != RefusalReason.DiskFull,
        };
        return Results.Text(JsonSerializer.Serialize(body, JsonFormat.Line), Json, null, closed is null ? 200 : 503);
    }
}
