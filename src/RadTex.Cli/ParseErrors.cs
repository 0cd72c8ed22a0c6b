using System.CommandLine;
using System.CommandLine.Parsing;

namespace RadTex.Cli;

/// <summary>What is wrong with a command line, in one line: the cause first, what was probably meant with it.</summary>
internal static class ParseErrors
{
    /// <summary>The first mistake; null where there is none.</summary>
    internal static string? First(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = CommandHelp.Path(command);
        if (UnknownOption(parsed) is { } option) return $"{option} is no option of {path}.{Meant(option, Options(command))}";
        if (parsed.UnmatchedTokens is [var token, ..])
            return command.Subcommands.Any(c => !c.Hidden)
                ? NoCommand(command, token)
                : $"'{token}' is one argument too many for {path}, which takes "
                    + $"{(command.Arguments.Count > 0 ? string.Join(' ', command.Arguments.Select(a => a.Name)) : "options alone")}.";
        if (command.Subcommands.Any(c => !c.Hidden) && command.Action is null && parsed.Errors.Count > 0)
            return $"{path} needs one of its commands: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}.";
        var missing = Missing(parsed).ToArray();
        return missing.Length > 0 ? $"{path} needs {string.Join(" and ", missing)}." : parsed.Errors is [var error, ..] ? error.Message
            .ReplaceLineEndings(" ") : null;
    }

    internal static string NoCommand(Command command, string word) =>
        $"'{word}' is no command of {CommandHelp.Path(command)}.{Meant(word, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}";

    // A word that looks like an option, alone or where an argument takes any number of words. After "--" everything is an argument.
    private static string? UnknownOption(ParseResult parsed)
    {
        if (parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)) return null;
        static bool LooksLikeOption(string word) => word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal);
        return parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens.Select(t => t.Value)).Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(LooksLikeOption)?.Split('=')[0];
    }

    private static IEnumerable<string> Missing(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var argument in command.Arguments)
            if (argument.Arity.MinimumNumberOfValues > 0 && !argument.HasDefaultValue && parsed.GetResult(argument) is null or { Tokens.Count: 0 })
                yield return argument.Name;
        foreach (var option in command.Options)
            if (option.Required && parsed.GetResult(option) is null or { Implicit: true }) yield return $"{option.Name} {option.HelpName ?? "VALUE"}";
    }

    private static IEnumerable<string> Options(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options.Where(o => o.Recursive))).Where(o => !o.Hidden)
            .SelectMany(o => o.Aliases.Append(o.Name));

    private static string Meant(string word, IEnumerable<string> known)
    {
        string[] near = [.. known.Distinct().Where(
            k => Distance(word, k) <= Math.Max(1, word.Length / 3) || (word.Length > 2 && k.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(k => Distance(word, k)).ThenBy(k => k, StringComparer.Ordinal).Take(3)];
        return near.Length == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>Letters changed, left out, added or swapped with their neighbour (optimal string alignment), whatever their case.</summary>
    internal static int Distance(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        var cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[a.Length, b.Length];
    }
}
