using System.Net;
using System.Security.Cryptography.X509Certificates;
using RadTex.Service.Settings;

namespace RadTex.Service.Web;

/// <summary>Whether a service of this host answers: what a container's health check runs, where there is no other program to ask with.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Asks at the address of the configuration; a certificate need be the configuration's, and no more: names are for those outside.
    /// </summary>
    internal static async Task<bool> AnswersAsync(ListenSettings listen, CancellationToken cancellation)
    {
        using var certificate = listen.CertificateFile is { } file ? X509CertificateLoader.LoadCertificateFromFile(file) : null;
        using var handler = new HttpClientHandler { UseProxy = false };
        handler.ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate?.Thumbprint;
        using var client = new HttpClient(handler) { Timeout = Patience };
        var address = IPAddress.Parse(listen.Address);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, Address(certificate is null, OnThisHost(address), listen.Port, "/health/live"));
        request.Headers.Host = Address(certificate is null, address, listen.Port, "").Authority; // the service answers to its own name alone
        try
        {
            using var response = await client.SendAsync(request, cancellation).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static IPAddress OnThisHost(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    private static Uri Address(bool isPlain, IPAddress address, int port, string path) =>
        new UriBuilder(isPlain ? "http" : "https", address.ToString(), port, path).Uri;
}
