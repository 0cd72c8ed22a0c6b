using System.CommandLine;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Cli.Commands;

/// <summary>The sources of <c>radtex prepare</c>: a subcommand an archive, with the options that are its own.</summary>
internal static class PrepareSources
{
    internal static IEnumerable<Entry> Build() => Archives.All.Select(Of);

    private static Entry Of(Archive archive)
    {
        var root = new Argument<string>(archive.RootName) { Description = archive.RootHelp };
        var options = archive.Options.ToDictionary(o => o.Name, Flag);
        var command = new Command(archive.Name, archive.Title) { root };
        foreach (var option in options.Values) command.Options.Add(option);
        return new(
            command, parsed => archive.Open(parsed.GetValue(root)!, options.ToDictionary(o => o.Key, o => parsed.GetValue(o.Value))));
    }

    private static Option<string?> Flag(ArchiveOption option)
    {
        var flag = new Option<string?>($"--{option.Name}") { Description = option.Help };
        if (option.ValueName is { } name) flag.HelpName = name;
        if (option.Default is { } standard) flag.DefaultValueFactory = _ => standard;
        if (option.Choices is { } choices) flag.AcceptOnlyFromAmong([.. choices]);
        return flag;
    }

    /// <summary>A source's command and how it is made of what was given.</summary>
    internal sealed record Entry(Command Command, Func<ParseResult, StudySource> Make);
}
