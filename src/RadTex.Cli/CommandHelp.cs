using System.Collections;
using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.Globalization;

namespace RadTex.Cli;

/// <summary>
/// What <c>--help</c> prints: usage, arguments, options with the required ones first, examples; for <c>radtex</c> itself the commands by what one
/// wants to do.
/// </summary>
internal sealed class CommandHelp : SynchronousCommandLineAction
{
    private const int WidestName = 26, Indent = 2;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, new(Console.Out));
        return RadTexCommand.Success;
    }

    internal static void Write(Command command, HelpWriter writer)
    {
        var path = Path(command);
        writer.Title(path, command.Description ?? "");
        if (command is { Parents: var parents } && !parents.Any())
        {
            Root(command, writer);
            return;
        }
        writer.Heading("Usage");
        writer.Paragraph(Usage(command, path), Indent);
        Rows(writer, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (a.Name, a.Description ?? "")));
        Rows(writer, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
        var shared = SharedOptions(command);
        var own = command.Options.Where(o => !o.Hidden && !shared.Contains(o.Name));
        Rows(writer, "Options", own.OrderByDescending(o => o.Required).Select(Row));
        if (command.Subcommands.FirstOrDefault() is { } first && SharedOptions(first) is { Count: > 0 } common)
            Rows(
                writer, $"Options of every {command.Name} command",
                first.Options.Where(o => common.Contains(o.Name)).OrderByDescending(o => o.Required).Select(Row));
        else if (shared.Count > 0)
        {
            var above = Path(command.Parents.OfType<Command>().First());
            writer.Heading("Further options");
            writer.Paragraph($"Those of every source, such as --out DIR (required): {above} --help", Indent);
        }
        var examples = Examples.Of(path);
        if (examples.Count == 0) return;
        writer.Heading("Examples");
        foreach (var example in examples) writer.Line(new string(' ', Indent) + example);
    }

    /// <summary>The whole name, such as "radtex prepare table".</summary>
    internal static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : command.Name;

    private static void Root(Command root, HelpWriter writer)
    {
        writer.Heading("First steps");
        writer.Rows(
            [("radtex quickstart", "See it work on synthetic radiographs, in minutes; it ends with a page to read."),
                ("radtex help COMMAND", "What a command takes, with examples."),
                ("radtex completion bash", "Completion for bash; also zsh, fish, pwsh.")],
            WidestName, Indent);
        foreach (var (title, commands) in RadTexCommand.Groups(root))
            Rows(writer, title, commands.Select(c => (c.Name, FirstSentence(c.Description ?? ""))));
        Rows(writer, "Options of every command", root.Options.Where(o => !o.Hidden).Select(Row));
    }

    private static void Rows(HelpWriter writer, string title, IEnumerable<(string Name, string Description)> rows)
    {
        (string, string)[] all = [.. rows];
        if (all.Length == 0) return;
        writer.Heading(title);
        writer.Rows(all, WidestName, Indent);
    }

    private static string Usage(Command command, string path)
    {
        var arguments = command.Arguments.Where(a => !a.Hidden).Select(a => a.Arity.MaximumNumberOfValues > 1 ? $"{a.Name}..." : a.Name);
        var required = command.Options.Where(o => o is { Hidden: false, Required: true }).Select(o => Row(o).Name);
        return string.Join(' ', [path, .. command.Subcommands.Count > 0 ? ["COMMAND"] : (string[])[], .. arguments, .. required, "[options]"]);
    }

    private static (string Name, string Description) Row(Option option)
    {
        string[] choices = IsFlag(option) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];
        var value = IsFlag(option) ? "" : " " + (
            option.HelpName
                ?? (choices.Length > 0 ? string.Join('|', choices.Select(c => c is "True" or "False" ? c.ToLowerInvariant() : c)) : "VALUE"));
        var standard = Default(option);
        return (
            option.Name + value, (option.Required ? "Required. " : "") + option.Description + (standard.Length > 0 ? $" [default: {standard}]" : ""));
    }

    private static bool IsFlag(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool);

    private static string Default(Option option)
    {
        if (!option.HasDefaultValue || IsFlag(option)) return "";
        return option.GetDefaultValue() switch
        {
            null => "",
            string text => text,
            Enum value => value.ToString().ToLowerInvariant(),
            IEnumerable values => string.Join(',', values.Cast<object>()),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
    }

    /// <summary>The options that all commands beside this one have too: they are told once, one level up.</summary>
    private static HashSet<string> SharedOptions(Command command)
    {
        if (command.Parents.OfType<Command>().FirstOrDefault() is not { } parent || !parent.Parents.Any()) return [];
        var shared = parent.Subcommands.Select(c => c.Options.Select(o => o.Name))
            .Aggregate((IEnumerable<string>)[.. command.Options.Select(o => o.Name)], (all, names) => all.Intersect(names));
        return [.. shared];
    }

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? text[..(end + 1)] : text;
}
