using System.CommandLine;
using RadTex.Learning.Transfer;

namespace RadTex.Cli.Commands;

/// <summary>Which heads of a transfer go with an encoder.</summary>
internal sealed class HeadOptions
{
    private readonly Option<string?> folder = new("--heads")
    {
        Description = "A folder that 'radtex transfer' wrote with this encoder: heads on it, or networks fine-tuned from it. Default: what "
            + "lies in the encoder's own folder.",
        HelpName = "DIR",
    };
    private readonly Option<string[]> names = new("--head")
    {
        Description = "A head's name in heads.json; may be repeated. Default: for each label the one of the most examples.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<bool> ensemble = new("--ensemble")
    {
        Description = "Of each label the mean of the probabilities of all trials, or of those that --head names.",
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(ensemble);
        command.Options.Add(folder);
        command.Options.Add(names);
    }

    /// <summary>The classifier that a model's folder and these heads make; an encoder alone where there are no heads.</summary>
    internal TrainedClassifier Open(ParseResult parsed, string model) =>
        TrainedClassifier.Open(model, parsed.GetValue(folder), parsed.GetValue(names) ?? [], parsed.GetValue(ensemble));

    internal string? Folder(ParseResult parsed) => parsed.GetValue(folder);

    /// <summary>Whether anything is said of heads.</summary>
    internal bool IsGiven(ParseResult parsed) =>
        parsed.GetValue(folder) is not null || parsed.GetValue(names) is { Length: > 0 } || parsed.GetValue(ensemble);
}
