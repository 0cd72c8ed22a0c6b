using System.CommandLine;
using RadTex.Transfer;

namespace RadTex.Cli.Commands;

/// <summary>Which heads of a transfer go with an encoder.</summary>
internal sealed class HeadOptions
{
    private readonly Option<string?> folder = new("--heads") { Description = "A folder that 'radtex transfer' wrote with this encoder.", HelpName = "DIR" };
    private readonly Option<string[]> names = new("--head") { Description = "A head's name in heads.json; may be repeated. Default: for each label the one of the most examples.", HelpName = "NAME", AllowMultipleArgumentsPerToken = false };

    internal void AddTo(Command command)
    {
        command.Options.Add(folder);
        command.Options.Add(names);
    }

    /// <summary>None where no folder was given.</summary>
    internal IReadOnlyList<TrainedHead> Read(ParseResult parsed, EncoderSource source)
    {
        var chosen = parsed.GetValue(names) ?? [];
        if (parsed.GetValue(folder) is { } path) return TrainedHead.Read(path, source.Card.WeightsSha256, chosen);
        return chosen.Length == 0 ? [] : throw new UserErrorException("--head names a head of a folder that --heads must name.");
    }

    internal bool IsGiven(ParseResult parsed) => parsed.GetValue(folder) is not null;
}
