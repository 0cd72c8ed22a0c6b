namespace RadTex.Studio.Labelling;

/// <summary>An answer in a reader's words.</summary>
internal static class AnswerText
{
    internal static string Of(Answer answer, int classes) => answer.Class is not { } value ? answer.ToString()
        : classes > 2 ? $"grade {value}" : value == 1 ? "present" : "absent";
}
