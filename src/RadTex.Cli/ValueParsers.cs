using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Numerics;
using RadTex.Phantoms;

namespace RadTex.Cli;

/// <summary>
/// One way to read values for every option and argument of every command: numbers by <see cref="PlainNumber"/>, words of a list by their exact
/// names. What does not parse is told with the option's name and what was expected, never with a type's name.
/// </summary>
internal static class ValueParsers
{
    /// <summary>Sets the parsers of a command and of all below it.</summary>
    internal static void SetOn(Command command)
    {
        foreach (var option in command.Options) Set(option);
        foreach (var argument in command.Arguments) Set(argument);
        foreach (var child in command.Subcommands) SetOn(child);
    }

    private static void Set(Option option)
    {
        switch (option)
        {
            case Option<int> o: o.CustomParser = Whole<int>(o.Name); break;
            case Option<int?> o: o.CustomParser = r => Whole<int>(o.Name)(r); break;
            case Option<long> o: o.CustomParser = Whole<long>(o.Name); break;
            case Option<long?> o: o.CustomParser = r => Whole<long>(o.Name)(r); break;
            case Option<ulong> o: o.CustomParser = Whole<ulong>(o.Name); break;
            case Option<double> o: o.CustomParser = Real(o.Name); break;
            case Option<double?> o: o.CustomParser = r => Real(o.Name)(r); break;
            case Option<bool> o: o.CustomParser = Flag(o.Name); break;
            case Option<bool?> o: o.CustomParser = r => Flag(o.Name)(r); break;
            case Option<PhantomReportStyle> o: o.CustomParser = Word<PhantomReportStyle>(o.Name); break;
            case Option<string> or Option<string[]> or HelpOption or VersionOption: break;
            default: throw new InvalidOperationException($"{option.Name}: no parser for {option.ValueType}");
        }
    }

    private static void Set(Argument argument)
    {
        if (argument is not (Argument<string> or Argument<string[]>))
            throw new InvalidOperationException($"{argument.Name}: no parser for {argument.ValueType}");
    }

    private static Func<ArgumentResult, T> Whole<T>(string name) where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => result =>
    {
        var text = result.Tokens[^1].Value;
        if (!PlainNumber.TryParse(text, out T value)) result.AddError(PlainNumber.WholeFault<T>(name, text));
        return value;
    };

    private static Func<ArgumentResult, double> Real(string name) => result =>
    {
        var text = result.Tokens[^1].Value;
        if (!PlainNumber.TryParse(text, out double value)) result.AddError(PlainNumber.RealFault(name, text));
        return value;
    };

    private static Func<ArgumentResult, bool> Flag(string name) => result =>
    {
        if (result.Tokens.Count == 0) return true;
        var text = result.Tokens[^1].Value;
        if (text is not ("true" or "false")) result.AddError($"{name} '{text}': expected true or false, or nothing after it.");
        return text == "true";
    };

    private static Func<ArgumentResult, T> Word<T>(string name) where T : struct, Enum => result =>
    {
        var text = result.Tokens[^1].Value;
        int index = Array.FindIndex(Enum.GetNames<T>(), n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (index < 0) result.AddError($"{name} '{text}': expected {string.Join(" or ", Enum.GetNames<T>()).ToLowerInvariant()}.");
        return index < 0 ? default : Enum.GetValues<T>()[index];
    };
}
