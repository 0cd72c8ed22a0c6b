namespace RadTex.Text;

/// <summary>A word of a text made of tokens.</summary>
/// <param name="Text">The word, or a punctuation mark; sentences start with a capital.</param>
/// <param name="SpaceBefore">Whether a space parts it from the word before.</param>
/// <param name="FirstToken">The place of its first piece among the ids.</param>
/// <param name="Tokens">Its pieces.</param>
public sealed record TextWord(string Text, bool SpaceBefore, int FirstToken, int Tokens);
