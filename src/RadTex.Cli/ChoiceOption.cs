using System.CommandLine;

namespace RadTex.Cli;

/// <summary>An option that has one of a few words.</summary>
internal static class ChoiceOption
{
    internal static Option<string> Of(string name, string description, string standard, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
