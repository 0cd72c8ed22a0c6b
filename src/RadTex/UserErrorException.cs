using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RadTex;

/// <summary>
/// A mistake of the user's that the user can mend: a missing file, a wrong column, a vocabulary of another size.
/// <c>radtex</c> prints the message as one line and exits with 2; any other exception is a fault of the program (exit 1).
/// </summary>
/// <remarks>The message says what was found, what was expected, where, and what to do next, and holds no patient text.</remarks>
public partial class UserErrorException : Exception
{
    /// <summary>A mistake and its cure in one message: what was found, what was expected, where, what to do next.</summary>
    public UserErrorException(string message) : base(message) { }

    /// <summary>A mistake that another exception told of.</summary>
    /// <remarks>What .NET says of JSON names its own types; the message says the same in a reader's words.</remarks>
    public UserErrorException(string message, Exception inner) : base(inner is JsonException ? InWords(message) : message, inner) { }

    /// <summary>A mistake without a message; .NET's pattern asks for it.</summary>
    public UserErrorException() { }

    /// <summary>The setting that lifts what the message tells of, such as "force"; null for none. A front end says how it is given.</summary>
    public string? Setting { get; init; }

    private static string InWords(string message) => JsonPosition().Replace(
        WrongKind().Replace(message, "a value of another kind than expected."), m =>
            $"(line {long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) + 1})");

    [GeneratedRegex(@"The JSON value could not be converted to \S+?\.(?= Path:)")]
    private static partial Regex WrongKind();

    [GeneratedRegex(@"\| LineNumber: (\d+) \| BytePositionInLine: \d+|LineNumber: (?<1>\d+) \| BytePositionInLine: \d+")]
    private static partial Regex JsonPosition();
}
