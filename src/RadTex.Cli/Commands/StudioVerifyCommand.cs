using System.CommandLine;
using RadTex.Studio.Labelling;
using RadTex.Studio.Projects;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex studio verify FILE</c>: whether a labelling project is what was written, event by event.</summary>
internal sealed class StudioVerifyCommand
{
    private readonly Argument<string> project = new("FILE") { Description = "The project's file; its key lies beside it." };
    private readonly Option<string?> head = new("--head")
    {
        Description = "A code that an export or the end of a session printed: whether all that was there then is still there.",
        HelpName = "CODE",
    };

    internal static Command Build()
    {
        var options = new StudioVerifyCommand();
        var command = new Command(
            "verify", "Check the chain of a labelling project, and rebuild what follows from it.") { options.project, options.head };
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(project)!;
        using var file = ProjectFile.Open(path);
        var settings = ProjectSettings.Parse(file.Events[0].Note, path);
        var book = new LabelBook(file.Events, settings);
        int answers = settings.Findings.Sum(f => book.Readers.Sum(r => book.Of(r, f).Count));
        Console.WriteLine(
            $"{path}: {file.Events.Count:N0} events, each what was written; {answers:N0} answers of {book.Readers.Count(r => r.Length > 0)} readers");
        if (parsed.GetValue(head) is { } kept)
            Console.WriteLine(file.EventsAt(kept) is { } then ? $"The code is that of event {then:N0}: nothing before it was changed or cut off."
                : throw new UserErrorException(
                    $"{path}: no event has the code {kept}. Events at the end were cut off, or it is another project's code."));
        Console.WriteLine($"The last event's code is {file.Head}");
        return RadTexCommand.Success;
    }
}
