using System.CommandLine;
using RadTex.Service;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex serve --config serve.json</c>: radiographs judged beside the PACS.</summary>
internal sealed class ServeCommand
{
    private readonly ServeOptions options = new();

    internal static Command Build()
    {
        var serve = new ServeCommand();
        var command = new Command("serve", "Judge radiographs beside the PACS: DICOM and HTTP in, structured reports back, nothing lost.");
        serve.options.AddTo(command);
        foreach (var sub in (Command[])[
            ServeModelCommands.BuildAdd(), ServeModelCommands.BuildUse(), ServeModelCommands.BuildModels(), ServeTryCommand.Build(),
            ServeSpoolCommands.BuildAudit(), ServeSpoolCommands.BuildDead(), ServeSpoolCommands.BuildShadow()]) command.Subcommands.Add(sub);
        command.SetAction((parsed, cancellation) => Task.Run(() => serve.RunAsync(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        await ServiceProgram.RunAsync(options.Read(parsed), Console.Out, cancellation).ConfigureAwait(false);
        return RadTexCommand.Success;
    }
}
