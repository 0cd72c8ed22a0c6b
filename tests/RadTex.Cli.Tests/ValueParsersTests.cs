using System.CommandLine;

namespace RadTex.Cli.Tests;

/// <summary>Every option of every command that takes a number, found on the tree of commands, reads it in the one way.</summary>
public sealed class ValueParsersTests
{
    private static readonly string[] NoNumbers =
        ["0,3", "1,000", "NaN", "Infinity", "-∞", "1e300", "1e-400", "", " 5", "5 ", "0x10", "1_000", "five", "5;6", "(5)", "٣"];

    private static readonly Command Root = RadTexCommand.Build();

    private static readonly string[] NumericTypes = ["Int32", "Int64", "UInt64", "Double"];

    public static TheoryData<string, string> NumericOptions =>
        [.. Options().Where(o => IsNumeric(o.Option) || IsList(o.Option)).Select(o => (o.Command, o.Option.Name))];

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void A_numeric_option_refuses_what_is_no_number_and_names_itself(string command, string name)
    {
        var option = Options().Single(o => o.Command == command && o.Option.Name == name).Option;
        foreach (var text in NoNumbers)
        {
            if (IsList(option) && (text.Contains(',') || text.Trim() != text)) continue; // two good items; spaces around an item
            var given = IsList(option) ? $"10,{text}" : text;
            var messages = Errors(command, name, given);
            messages.ShouldContain(
                m => m.StartsWith($"{name} '", StringComparison.Ordinal) && m.Contains("expected"),
                $"{command} {name} '{given}': {string.Join("|", messages)}");
            messages.ShouldAllBe(m => !m.Contains("System.", StringComparison.Ordinal) && !m.Contains("RadTex.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void A_numeric_option_takes_a_plain_number(string command, string name)
    {
        var option = Options().Single(o => o.Command == command && o.Option.Name == name).Option;
        var given = name == "--choose" ? "sgd:0.02,adamw:1e-3" : IsList(option) ? "10,30" : "12";
        Errors(command, name, given).ShouldNotContain(m => m.StartsWith($"{name} '", StringComparison.Ordinal));
    }

    [Fact]
    public void Flags_and_words_are_told_without_a_types_name()
    {
        Errors("phantoms", "--report-style", "terse").ShouldHaveSingleItem().ShouldBe("--report-style 'terse': expected radiologist or systematic.");
        Root.Parse(["phantoms"]).GetValue<bool>("--boxes").ShouldBeFalse();
        Root.Parse(["phantoms", "--boxes"]).GetValue<bool>("--boxes").ShouldBeTrue();
        Root.Parse(["phantoms", "--difficulty", "0.3"]).GetValue<double>("--difficulty").ShouldBe(0.3);
        Root.Parse(["phantoms"]).GetValue<double>("--difficulty").ShouldBe(1);
        Root.Parse(["import", "a", "b", "--out", "c"]).GetValue<int?>("--image-size").ShouldBeNull();
    }

    private static string[] Errors(string command, string name, string text) =>
        [.. Root.Parse([.. command.Split(' '), name, text]).Errors.Select(e => e.Message)];

    private static bool IsNumeric(Option option) => NumericTypes.Contains((Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType).Name);

    private static bool IsList(Option option) =>
        option.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ListOption<>);

    private static IEnumerable<(string Command, Option Option)> Options() => Of(Root, "");

    private static IEnumerable<(string, Option)> Of(Command command, string path) =>
        command.Options.Select(option => (path, option))
            .Concat(command.Subcommands.SelectMany(child => Of(child, path.Length == 0 ? child.Name : $"{path} {child.Name}")));
}
