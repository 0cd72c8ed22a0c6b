using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RadTex.Studio.Labelling;
using RadTex.Studio.Pictures;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Web;

/// <summary>What the pages ask. Nothing here tells anything of the model, a map or a report before the reader's answer is on the disk.</summary>
internal static class StudioEndpoints
{
    private const int QueueLength = 4, LargestSide = 8192, LongestText = 200;

    internal static void Map(IEndpointRouteBuilder to, Workplace work)
    {
        to.MapGet("/api/queue", (HttpContext context) => WriteAsync(context, Queue(work, ReaderOf(context), FindingOf(context))));
        to.MapGet("/api/history", (HttpContext context) => WriteAsync(context, History(work, ReaderOf(context), FindingOf(context))));
        to.MapGet("/api/figures", (HttpContext context) => FiguresAsync(context, work));
        to.MapPost("/api/answer", (HttpContext context) => AnswerAsync(context, work));
        to.MapPost("/api/skip", (HttpContext context) => SkipAsync(context, work));
        to.MapPost("/api/undo", (HttpContext context) => UndoAsync(context, work));
        to.MapPost("/api/map", (HttpContext context) => MapAsync(context, work));
        to.MapPost("/api/report", (HttpContext context) => ReportAsync(context, work));
        to.MapPost("/api/settle", (HttpContext context) => SettleAsync(context, work));
        to.MapGet("/api/picture/{hash}", (HttpContext context, string hash) => PictureAsync(context, work, hash));
        StudioPages.Map(to, work);
    }

    internal static string ReaderOf(HttpContext context) => (string)context.Items[Access.ReaderItem]!;

    internal static string FindingOf(HttpContext context) => context.Request.Query["finding"] is [{ Length: > 0 and <= LongestText } one] ? one
        : throw new UserErrorException("The address names no finding.");

    private static object Queue(Workplace work, string reader, string finding) => new
    {
        Queue = work.Session.Queue(reader, finding, QueueLength * (work.Session.Settings.Together ? work.Session.Settings.Findings.Count : 1))
            .Select(p => new { Pick = p.Id, p.Picture, p.Finding }),
        Answered = work.Session.Read(b => b.Of(reader, finding).Count),
    };

    // A picture that waits to be asked again is left out: its answer must not be looked up.
    private static object?[] History(Workplace work, string reader, string finding) => work.Session.Read<object?[]>(book =>
    {
        var waiting = book.Pending(reader, finding).Select(p => p.Picture).ToHashSet();
        return book.Of(reader, finding).Where(l => !waiting.Contains(l.Key)).OrderBy(l => l.Value.Event)
            .Select(l => new { Picture = l.Key, First = l.Value.First.ToString(), Current = l.Value.Current.ToString() })
            .ToArray<object>();
    });

    private static async Task AnswerAsync(HttpContext context, Workplace work)
    {
        var asked = await ReadAsync<AnswerRequest>(context).ConfigureAwait(false);
        var reader = ReaderOf(context);
        var answer = Answer.Parse(asked.Value, work.Session.Settings.Classes);
        var kept = work.Session.Answer(reader, asked.Finding, asked.Picture, answer, new StudioEvent(EventKind.Label)
        {
            Confidence = asked.IsSure ? "sure" : "",
            MillisecondsInView = asked.Milliseconds is >= 0 ? asked.Milliseconds : null,
            Window = Short(asked.Window),
            Note = answer.IsNotAssessable ? Short(asked.Reason) : "",
            Of = asked.Pick,
        });
        await WriteAsync(context, new { Event = kept.Id, Next = Queue(work, reader, asked.Finding) }).ConfigureAwait(false);
        PrepareBehind(work, reader, asked.Finding);
    }

    private static async Task FiguresAsync(HttpContext context, Workplace work)
    {
        var finding = FindingOf(context);
        await WriteAsync(context, await OwnThread.RunAsync(() => StripText.Of(work, finding)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task SkipAsync(HttpContext context, Workplace work)
    {
        var asked = await ReadAsync<PictureRequest>(context).ConfigureAwait(false);
        var kept = work.Session.Skip(ReaderOf(context), asked.Finding, asked.Picture);
        await WriteAsync(context, new { Event = kept.Id, Next = Queue(work, ReaderOf(context), asked.Finding) }).ConfigureAwait(false);
    }

    private static async Task UndoAsync(HttpContext context, Workplace work)
    {
        var asked = await ReadAsync<FindingRequest>(context).ConfigureAwait(false);
        var undone = work.Session.Undo(ReaderOf(context));
        await WriteAsync(
            context, new { Event = undone?.Id, undone?.Finding, Next = Queue(work, ReaderOf(context), undone?.Finding ?? asked.Finding) })
            .ConfigureAwait(false);
    }

    private static async Task MapAsync(HttpContext context, Workplace work)
    {
        var asked = await ReadAsync<PictureRequest>(context).ConfigureAwait(false);
        if (work.Session.Settings.Classes > 2)
            throw new UserErrorException("Grades have no map: each grade has a logit of its own, and none of them is the answer's.");
        _ = work.Session.Open(ReaderOf(context), asked.Finding, asked.Picture, EventKind.MapOpened);
        var map = await OwnThread.RunAsync(() => work.Map(asked.Finding, asked.Picture)).ConfigureAwait(false)
            ?? throw new UserErrorException("There is no model yet, so there is no map: it needs features and labels of both classes.");
        await WriteAsync(
            context, new { map.Height, map.Width, map.Values, map.Logit, Probability = 1 / (1 + Math.Exp(-map.Logit)) }).ConfigureAwait(false);
    }

    private static async Task ReportAsync(HttpContext context, Workplace work)
    {
        var asked = await ReadAsync<PictureRequest>(context).ConfigureAwait(false);
        _ = work.Session.Open(ReaderOf(context), asked.Finding, asked.Picture, EventKind.ReportOpened);
        await WriteAsync(context, new { Text = work.RadiographOf(asked.Picture).Text ?? "There is no report text for this radiograph." })
            .ConfigureAwait(false);
    }

    private static async Task SettleAsync(HttpContext context, Workplace work)
    {
        var asked = await ReadAsync<SettleRequest>(context).ConfigureAwait(false);
        var kept = work.Session.Settle(
            ReaderOf(context), asked.Finding, asked.Picture, Answer.Parse(asked.Value, work.Session.Settings.Classes),
            asked.Meeting ? "consensus meeting" : "adjudicator");
        await WriteAsync(context, new { Event = kept.Id }).ConfigureAwait(false);
    }

    private static async Task PictureAsync(HttpContext context, Workplace work, string hash)
    {
        int row = work.RadiographOf(hash).Index;
        var query = context.Request.Query;
        var (picture, whole) = query["h"] is [{ } h] && query["w"] is [{ } w] && Side(h) is { } height && Side(w) is { } width
            ? await work.Originals.FitAsync(row, height, width, context.RequestAborted).ConfigureAwait(false)
            : await work.Originals.FitAsync(row, int.MaxValue, int.MaxValue, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/octet-stream";
        await PictureMessage.WriteAsync(picture, whole, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    // The next picture must not wait for a fit, nor the answer.
    private static void PrepareBehind(Workplace work, string reader, string finding) => _ = OwnThread.RunAsync(() =>
    {
        try { work.Session.Prepare(reader, finding); }
        catch (UserErrorException) { } // a full disk is told at the next answer
        catch (ObjectDisposedException) { }
    });

    private static int? Side(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
        out int side) && side is > 0 and <= LargestSide ? side : null;

    private static string Short(string? text) => text is null ? "" : PrintableText.Of(text.Length > LongestText ? text[..LongestText] : text);

    private static async Task<T> ReadAsync<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, JsonFormat.Line, context.RequestAborted).ConfigureAwait(false)
            ?? throw new JsonException("null");

    private static async Task WriteAsync(HttpContext context, object value)
    {
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, value, value.GetType(), JsonFormat.Line, context.RequestAborted)
            .ConfigureAwait(false);
    }
}
