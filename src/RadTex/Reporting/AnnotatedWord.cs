namespace RadTex.Reporting;

/// <summary>A word of a text about a picture.</summary>
/// <param name="Text">The word; it is escaped.</param>
/// <param name="SpaceBefore">Whether a space parts it from the word before.</param>
/// <param name="Mark">How it stands out.</param>
/// <param name="Note">Shown when the pointer rests on it; may be empty.</param>
/// <param name="Map">What is laid over the picture; null for none.</param>
public sealed record AnnotatedWord(string Text, bool SpaceBefore, WordMark Mark = WordMark.None, string Note = "", MapPicture? Map = null);
