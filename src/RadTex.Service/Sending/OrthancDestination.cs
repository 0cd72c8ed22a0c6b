using System.Globalization;
using RadTex.Files;

namespace RadTex.Service.Sending;

/// <summary>An Orthanc server, by its own REST interface: an instance that it has already is accepted again.</summary>
internal sealed class OrthancDestination(string name, HttpClient client) : IDestination
{
    public string Name => name;

    public async Task<string?> SendAsync(string path, string uid, CancellationToken cancellation)
    {
        try
        {
            using var content = new StreamContent(RegularFile.OpenRead(path));
            content.Headers.ContentType = new("application/dicom");
            using var response = await client.PostAsync("instances", content, cancellation).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null
                : string.Create(CultureInfo.InvariantCulture, $"it answers with status {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return Destinations.Word(e);
        }
    }

    public void Dispose() => client.Dispose();
}
