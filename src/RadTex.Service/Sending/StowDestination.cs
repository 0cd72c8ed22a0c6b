using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using RadTex.Files;

namespace RadTex.Service.Sending;

/// <summary>A DICOMweb service that takes instances (STOW-RS, PS3.18, 10.5).</summary>
internal sealed class StowDestination(string name, HttpClient client) : IDestination
{
    private const int DuplicateInstance = 0x0111; // PS3.4, C.4.2: it is there already
    private const string FailedSequence = "00081198", FailureReason = "00081197";

    public string Name => name;

    public async Task<string?> SendAsync(string path, string uid, CancellationToken cancellation)
    {
        try
        {
            using var file = new StreamContent(RegularFile.OpenRead(path));
            file.Headers.ContentType = new("application/dicom");
            using var body = new MultipartContent("related", Guid.NewGuid().ToString("N")) { file };
            body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
            using var request = new HttpRequestMessage(HttpMethod.Post, "studies") { Content = body };
            request.Headers.Accept.ParseAdd("application/dicom+json");
            using var response = await client.SendAsync(request, cancellation).ConfigureAwait(false);
            var reasons = Reasons(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
            if (response.IsSuccessStatusCode && reasons.Count == 0) return null;
            if (reasons.Count > 0)
                return reasons.All(r => r == DuplicateInstance) ? null
                    : string.Create(CultureInfo.InvariantCulture, $"it refuses with reason {reasons.First(r => r != DuplicateInstance):X4}");
            return string.Create(CultureInfo.InvariantCulture, $"it answers with status {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return Destinations.Word(e);
        }
    }

    public void Dispose() => client.Dispose();

    // The reasons of failed instances; none where the answer is no DICOM JSON.
    private static List<int> Reasons(byte[] answer)
    {
        var reasons = new List<int>();
        try
        {
            using var document = JsonDocument.Parse(answer, JsonFormat.Tree);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(FailedSequence, out var failed)
                || !failed.TryGetProperty("Value", out var items)) return reasons;
            foreach (var item in items.EnumerateArray())
                reasons.Add(item.TryGetProperty(FailureReason, out var reason) && reason.TryGetProperty("Value", out var value)
                    && value[0].TryGetInt32(out int code) ? code : 0);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IndexOutOfRangeException) { }
        return reasons;
    }
}
