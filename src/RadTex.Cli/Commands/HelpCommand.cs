using System.CommandLine;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex help [COMMAND...]</c>: what <c>radtex COMMAND --help</c> prints.</summary>
internal static class HelpCommand
{
    internal static Command Build()
    {
        var names = new Argument<string[]>("COMMAND")
        {
            Description = "A command, such as transfer, or prepare table.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("help", "Show what radtex or one of its commands takes, with examples.") { names };
        command.SetAction(parsed =>
        {
            var told = command.Parents.OfType<Command>().First();
            foreach (var name in parsed.GetValue(names) ?? [])
                told = told.Subcommands.FirstOrDefault(c => c.Name == name) ?? throw new UserErrorException(ParseErrors.NoCommand(told, name));
            CommandHelp.Write(told, new(Console.Out));
            return RadTexCommand.Success;
        });
        return command;
    }
}
