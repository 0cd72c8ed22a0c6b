using System.CommandLine;
using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Cli.Commands;

/// <summary>The configuration that every <c>radtex serve</c> command reads.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string> config = new("--config")
    {
        Description = "The service's configuration; {} takes every default.",
        HelpName = "serve.json",
        DefaultValueFactory = _ => "serve.json",
    };

    internal void AddTo(Command command) => command.Options.Add(config);

    /// <exception cref="UserErrorException">It is not there, or has faults.</exception>
    internal ServiceSettings Read(ParseResult parsed) => SettingsReader.Read(parsed.GetValue(config)!);

    /// <summary>The spool that the configuration names, beside the services that may have it.</summary>
    internal ServiceSpool Spool(ParseResult parsed)
    {
        var settings = Read(parsed);
        return ServiceSpool.Beside(settings.Spool, settings.Postgres);
    }
}
