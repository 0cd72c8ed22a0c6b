using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using RadTex.Files;

namespace RadTex.Tests;

public sealed class SettingsTreeTests
{
    internal sealed record Inner(string Name, [property: Range(1, 8)] int Count = 2, IReadOnlyList<string>? Words = null);

    internal sealed record Outer(
        IReadOnlyList<Inner> Parts, IReadOnlyDictionary<string, Inner>? Named = null, [property: Range(0.0, 1)] double Share = 0.5, bool Flag = false)
    {
        public int Parted => Parts.Count;

        public string Text { get; init; } = "";
    }

    private static List<string> Faults(string json)
    {
        var faults = new List<string>();
        SettingsTree.Find(SettingsFile.Parse(json, "it"), typeof(Outer), "", faults);
        return faults;
    }

    [Theory]
    [InlineData("""{ "parts": [] }""")]
    [InlineData("""{ "parts": [{ "name": "a", "words": null }], "named": null, "share": 1, "flag": true, "text": "x" }""")]
    [InlineData("""{ "parts": [{ "name": "a", "count": 8, "words": ["b"] }], "named": { "any name": { "name": "c" } } }""")]
    public void Tree_that_becomes_its_record_has_no_fault(string json) => Faults(json).ShouldBeEmpty();

    [Theory]
    [InlineData("null", "the whole is null (expected an object of keys)")]
    [InlineData("[1]", "the whole is [1] (expected an object of keys)")]
    [InlineData("{}", "parts is missing")]
    [InlineData("""{ "parts": {} }""", "parts is {} (expected a list)")]
    [InlineData("""{ "parts": null }""", "parts is null (leave it out for its default)")]
    [InlineData("""{ "parts": [null] }""", "parts.0 is null (expected an object of keys)")]
    [InlineData("""{ "parts": [{ "name": "a" }, { "count": 3 }] }""", "parts.1.name is missing")]
    [InlineData("""{ "parts": [{ "name": "a", "count": 9 }] }""", "parts.0.count is 9 (expected 1 to 8)")]
    [InlineData("""{ "parts": [{ "name": "a", "words": [1] }] }""", "parts.0.words.0 is 1 (expected text)")]
    [InlineData("""{ "parts": [], "named": { "x": { "name": 7 } } }""", "named.x.name is 7 (expected text)")]
    [InlineData("""{ "parts": [], "named": [] }""", "named is [] (expected an object of names)")]
    [InlineData("""{ "parts": [], "share": 1e999 }""", "share is 1e999 (expected a number)")]
    [InlineData("""{ "parts": [], "share": 1.5 }""", "share is 1.5 (expected 0 to 1)")]
    [InlineData("""{ "parts": [], "flag": "yes" }""", "flag is \"yes\" (expected true or false)")]
    [InlineData("""{ "parts": [], "parted": 3 }""", "parted is not known (expected one of parts, named, share, flag, text)")]
    public void Fault_is_told_by_its_path_with_what_was_expected(string json, string fault) => Faults(json).ShouldBe([fault]);

    [Fact]
    public void All_faults_are_told_and_long_values_are_cut()
    {
        var faults = Faults($$"""{ "parts": [{ "nam": "a" }], "flag": "{{new string('y', 200)}}", "share": -1 }""");
        faults.Count.ShouldBe(4);
        faults.ShouldContain("parts.0.nam is not known (expected one of name, count, words)");
        faults.ShouldContain("parts.0.name is missing");
        faults.ShouldAllBe(f => f.Length < 160);
    }

    [Fact]
    public void Single_value_is_held_to_its_type()
    {
        SettingsTree.ValueFault(JsonValue.Create(3), typeof(int), "a.b").ShouldBeNull();
        SettingsTree.ValueFault(JsonValue.Create("x"), typeof(int), "a.b").ShouldBe("a.b is \"x\" (expected a whole number)");
        SettingsTree.ValueFault(null, typeof(string), "a.b").ShouldBe("a.b is null (expected text)");
        SettingsTree.ValueFault(JsonNode.Parse("7"), typeof(IReadOnlyList<string>), "a.b").ShouldBe("a.b is 7 (expected a list of texts)");
    }

    [Fact]
    public void File_of_settings_that_is_none_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("settings.json");
        Should.Throw<UserErrorException>(() => SettingsFile.Read(path, "a JSON file")).Message
            .ShouldBe($"No configuration at {path}. Expected a JSON file.");
        File.WriteAllText(path, "{\n  \"a\": 1, // said\n  b\n}");
        Should.Throw<UserErrorException>(() => SettingsFile.Read(path, "")).Message.ShouldStartWith($"{path}, line 3, is no JSON: ");
        using (var large = File.OpenWrite(path)) large.SetLength((1 << 20) + 1);
        Should.Throw<UserErrorException>(() => SettingsFile.Read(path, "")).Message.ShouldContain("larger than 1,048,576 bytes");
        SettingsFile.Refusal("It", ["a is 1"]).Message.ShouldBe("It has a fault: a is 1.");
        SettingsFile.Refusal("It", ["a is 1", "b is 2"]).Message.ShouldBe("It has 2 faults: a is 1; b is 2.");
    }
}
