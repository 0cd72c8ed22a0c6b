namespace RadTex;

/// <summary>
/// A mistake of the user's that the user can mend: a missing file, a wrong column, a vocabulary of another size.
/// <c>radtex</c> prints the message as one line and exits with 2; any other exception is a fault of the program (exit 1).
/// </summary>
/// <remarks>The message says what was found, what was expected, where, and what to do next, and holds no patient text.</remarks>
public class UserErrorException : Exception
{
    public UserErrorException(string message) : base(message) { }

    public UserErrorException(string message, Exception inner) : base(message, inner) { }

    public UserErrorException() { }
}
