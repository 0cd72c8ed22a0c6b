using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RadTex.Cli;

/// <summary>
/// The <c>--json</c> option of commands that print tables: one JSON document on standard output, for other programs; progress and messages stay on
/// standard error.
/// </summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    internal static Option<bool> Option() => new("--json") { Description = "Print the result as JSON instead of text." };

    internal static void Write(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Format));
}
