using System.Text.Json;

namespace RadTex.Tests;

public sealed class UserErrorExceptionTests
{
    [Theory]
    [InlineData("[]")]
    [InlineData("{\"a\":\n \"x\"}")]
    [InlineData("{\"a\":")]
    public void What_is_wrong_with_JSON_is_told_without_a_types_name(string json)
    {
        var inner = Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Dictionary<string, int>>(json));
        var message = new UserErrorException($"card.json is no card: {inner.Message} Copy it again.", inner).Message;
        message.ShouldNotContain("System.");
        message.ShouldNotContain("LineNumber");
        message.ShouldContain("(line ");
        message.ShouldStartWith("card.json is no card: ");
        message.ShouldEndWith(" Copy it again.");
    }
}
