using System.Net;

namespace RadTex.Service.Settings;

/// <summary>The configuration of the service, <c>serve.json</c>. Secrets are never in it: it names the files or variables that hold them.</summary>
/// <remarks>Relative paths are relative to the file's own folder.</remarks>
public sealed record ServiceSettings
{
    /// <summary>The folder of the queue, of what was received and of what was answered; on a local disk.</summary>
    public string Spool { get; init; } = "spool";

    /// <summary>Where the queue is that several services share, on a spool that they share; null for an SQLite file in the spool.</summary>
    public PostgresSettings? Postgres { get; init; }

    /// <summary>The folder of the models (<see cref="Models.ModelRegistry"/>).</summary>
    public string Models { get; init; } = "models";

    /// <summary>Whether answers are computed and kept, but not sent.</summary>
    public bool DryRun { get; init; }

    /// <summary>The address and port for requests, with or without TLS.</summary>
    public ListenSettings Listen { get; init; } = new();

    /// <summary>Who may ask.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>What is refused, and how long anything may take.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>Which model judges what: the first that fits. None: the registry's only model judges everything.</summary>
    public IReadOnlyList<RuleSettings> Rules { get; init; } = [];

    /// <summary>What is made of a DICOM instance beside the JSON.</summary>
    public AnswerSettings Answers { get; init; } = new();

    /// <summary>Where reports and pictures go, beside Orthanc where that is followed.</summary>
    public IReadOnlyList<DestinationSettings> Destinations { get; init; } = [];

    /// <summary>The server that is followed; null for none.</summary>
    public OrthancSettings? Orthanc { get; init; }

    /// <summary>The folder that is watched; null for none.</summary>
    public FolderSettings? Folder { get; init; }

    /// <summary>How often a delivery is tried again.</summary>
    public DeliverySettings Delivery { get; init; } = new();

    /// <summary>Where traces and metrics go.</summary>
    public WatchingSettings Watching { get; init; } = new();

    /// <summary>What is wrong between the settings; ranges and types are the reader's to check.</summary>
    internal IEnumerable<string> Faults()
    {
        foreach (var fault in Listen.Faults(Access)) yield return fault;
        foreach (var fault in Access.Faults()) yield return fault;
        foreach (var fault in Postgres?.Faults() ?? []) yield return fault;
        foreach (var (i, rule) in Rules.Index())
            if (rule.Skip == (rule.Model is not null)) yield return $"rules.{i} needs a model or skip, and not both";
        foreach (var (i, one) in Destinations.Index())
            foreach (var fault in one.Faults($"destinations.{i}")) yield return fault;
        foreach (
            var name in Destinations.Select(d => d.Name).Concat(Orthanc is null ? [] : [OrthancSettings.DestinationName]).GroupBy(n => n)
                .Where(g => g.Count() > 1))
            yield return $"the destination's name '{name.Key}' is taken twice";
        if (Orthanc is not null)
            foreach (var fault in Orthanc.Server.Faults("orthanc")) yield return fault;
        if (Limits.RequestMegabytes < Limits.InstanceMegabytes)
            yield return $"limits.request_megabytes is {Limits.RequestMegabytes}, less than limits.instance_megabytes, {Limits.InstanceMegabytes}";
        if (Watching.Otlp is { } otlp && !IsHttp(otlp)) yield return "watching.otlp is no address (expected http:// or https://)";
    }

    /// <summary>The same with every path made whole.</summary>
    internal ServiceSettings In(string folder)
    {
        string Whole(string path) => Path.GetFullPath(path, folder);
        string? WholeOrNone(string? path) => path is null ? null : Whole(path);
        SecretSettings? Secret(SecretSettings? of) => of is null ? null : of with { File = WholeOrNone(of.File) };
        return this with
        {
            Spool = Whole(Spool),
            Models = Whole(Models),
            Postgres = Postgres is null ? null : Postgres with
            {
                Password = Secret(Postgres.Password),
                AuthorityFile = WholeOrNone(Postgres.AuthorityFile),
            },
            Listen = Listen with
            {
                CertificateFile = WholeOrNone(Listen.CertificateFile),
                CertificateKeyFile = WholeOrNone(Listen.CertificateKeyFile),
            },
            Access = Access with
            {
                Keys = [.. Access.Keys.Select(k => k with { File = WholeOrNone(k.File) })],
                Jwt = Access.Jwt is null ? null : Access.Jwt with
                {
                    File = WholeOrNone(Access.Jwt.File),
                    PublicKeyFile = WholeOrNone(Access.Jwt.PublicKeyFile),
                },
            },
            Destinations = [.. Destinations.Select(d => d with { Folder = WholeOrNone(d.Folder), Password = Secret(d.Password) })],
            Orthanc = Orthanc is null ? null : Orthanc with { Password = Secret(Orthanc.Password) },
            Folder = Folder is null ? null : new FolderSettings
            {
                Path = Whole(Folder.Path),
                Done = Whole(Folder.Done),
                Refused = Whole(Folder.Refused),
                PollSeconds = Folder.PollSeconds,
            },
        };
    }

    internal static bool IsHttp(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0;

    internal static bool IsLoopback(string address) => IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed);
}
