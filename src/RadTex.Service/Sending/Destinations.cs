using RadTex.Service.Settings;

namespace RadTex.Service.Sending;

/// <summary>The destinations of a configuration.</summary>
internal static class Destinations
{
    internal static IReadOnlyList<IDestination> Of(ServiceSettings settings) =>
    [
        .. settings.Destinations.Select(d => Of(d, settings.Delivery)),
        .. settings.Orthanc is { StoreBack: true } orthanc ? [Of(orthanc.Server, settings.Delivery)] : (IDestination[])[],
    ];

    private static IDestination Of(DestinationSettings settings, DeliverySettings delivery) =>
        settings.Folder is { } folder ? new FolderDestination(settings.Name, folder)
        : settings.Orthanc is not null ? new OrthancDestination(settings.Name, Client(settings, delivery.TimeoutSeconds))
        : new StowDestination(settings.Name, Client(settings, delivery.TimeoutSeconds));

    /// <summary>A client of a server: no redirection, no proxy from variables that happen to be set, bounded answers.</summary>
    internal static HttpClient Client(DestinationSettings settings, int timeoutSeconds)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = new((settings.Orthanc ?? settings.Stow)!.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(timeoutSeconds),
            MaxResponseContentBufferSize = 512L << 20,
        };
        if (settings.Password?.Read($"the password of {settings.Name}") is { } secret)
            client.DefaultRequestHeaders.Authorization = settings.User is { } user
                ? new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{secret}"))) : new("Bearer", secret);
        return client;
    }

    /// <summary>A fault of a connection, in words of our own.</summary>
    internal static string Word(Exception e) => e switch
    {
        TaskCanceledException or TimeoutException => "it does not answer in time",
        HttpRequestException { InnerException: System.Security.Authentication.AuthenticationException } => "its certificate is not trusted",
        HttpRequestException => "it cannot be reached",
        _ => "the connection broke",
    };
}
