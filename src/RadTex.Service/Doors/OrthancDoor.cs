using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RadTex.Imaging;
using RadTex.Service.Sending;
using RadTex.Service.Settings;
using RadTex.Service.Spool;
using RadTex.Service.Watching;

namespace RadTex.Service.Doors;

/// <summary>
/// An Orthanc server's changes, followed with a position that is kept: what modalities send to Orthanc is fetched. The position moves when all of a
/// page is in the queue; what is fetched twice is known by its UID.
/// </summary>
internal sealed class OrthancDoor(
    OrthancSettings settings, HttpClient client, Intake intake, InstanceQueue queue, ServiceMetrics metrics, ILogger log)
    : IDisposable
{
    private const string Name = "orthanc";
    private const int Page = 100, AtATime = 4, LongestName = 16;
    private const double LongestWait = 60;

    internal async Task RunAsync(CancellationToken end)
    {
        double wait = settings.PollSeconds;
        while (!end.IsCancellationRequested)
        {
            try
            {
                // Of several services one follows; the next does when that one is no more.
                if (queue.Leads(Name) && await FollowAsync(end).ConfigureAwait(false)) continue;
                wait = settings.PollSeconds;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException or TaskCanceledException or PassingException
                && !end.IsCancellationRequested)
            {
                wait = Math.Min(LongestWait, Math.Max(1, wait * 2));
                ServiceLog.FeedFailed(log, Name, e is PassingException ? "nothing can be taken" : e is JsonException ? "it answers otherwise"
                    : Destinations.Word(e), wait);
            }
            try { await Task.Delay(TimeSpan.FromSeconds(wait), end).ConfigureAwait(false); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>Reads a page of changes.</summary>
    /// <returns>Whether there may be more.</returns>
    internal async Task<bool> FollowAsync(CancellationToken cancellation)
    {
        long position = queue.Position(Name);
        using var page = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"changes?since={position}&limit={Page}"), cancellation)
            .ConfigureAwait(false);
        var changes = page.RootElement.GetProperty("Changes").EnumerateArray().ToArray();
        if (changes.Length == 0)
        {
            await RequireEndAsync(position, cancellation).ConfigureAwait(false);
            return false;
        }
        string[] instances =
        [
            .. changes.Where(c => c.GetProperty("ChangeType").GetString() == "NewInstance").Select(c => c.GetProperty("ID").GetString()!)
                .Where(id => id.Length <= 64 && id.All(c => char.IsAsciiHexDigit(c) || c == '-')).Distinct(),
        ];
        await Parallel.ForEachAsync(instances, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (id, token) => await FetchAsync(id, token).ConfigureAwait(false)).ConfigureAwait(false);
        queue.SetPosition(Name, changes.Max(c => c.GetProperty("Seq").GetInt64()));
        return true;
    }

    public void Dispose() => client.Dispose();

    // A feed that ends before our position is another one: its database was made anew, or restored.
    private async Task RequireEndAsync(long position, CancellationToken cancellation)
    {
        if (position == 0) return;
        using var end = await GetAsync("changes?last", cancellation).ConfigureAwait(false);
        long last = end.RootElement.GetProperty("Last").GetInt64();
        if (last >= position) return;
        ServiceLog.Rescan(log, Name, last, position);
        queue.SetPosition(Name, 0, new AuditEntry(AuditKind.Rescan) { Door = Name });
    }

    private async Task FetchAsync(string id, CancellationToken cancellation)
    {
        // Two small questions first: most of what a PACS holds is no radiograph, and what RadTex stored comes back.
        var modality = await TextAsync($"instances/{id}/content/0008-0060", cancellation).ConfigureAwait(false);
        if (modality is { Length: > 0 } && !Modalities.IsRadiography(modality))
        {
            metrics.Ignored("modality");
            return;
        }
        var uid = await TextAsync($"instances/{id}/content/0008-0018", cancellation).ConfigureAwait(false);
        if (uid is null) return; // deleted since
        if (queue.IsOwn(uid))
        {
            metrics.Ignored("own");
            return;
        }
        var called = Title(await TextAsync($"instances/{id}/metadata/CalledAET", cancellation).ConfigureAwait(false));
        var sender = Title(await TextAsync($"instances/{id}/metadata/RemoteAET", cancellation).ConfigureAwait(false));
        using var response = await client.GetAsync($"instances/{id}/file", HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound) return;
        response.EnsureSuccessStatusCode();
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var receipt = await intake.TakeAsync(body, new(Name, sender, called), cancellation).ConfigureAwait(false);
        if (receipt.Refusal is { } reason && reason.IsPassing()) throw new PassingException();
    }

    private async Task<JsonDocument> GetAsync(string address, CancellationToken cancellation)
    {
        using var response = await client.GetAsync(address, cancellation).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
    }

    private async Task<string?> TextAsync(string address, CancellationToken cancellation)
    {
        using var response = await client.GetAsync(address, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)).Trim(' ', '\0', '\n');
    }

    // An application entity title is short and plain; anything else could be a name.
    private static string Title(string? text) => text is { Length: > 0 and <= LongestName }
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? text : "";

    /// <summary>Nothing can be taken now: the page is read again later.</summary>
    private sealed class PassingException : Exception;
}
