using System.Text.Json;

namespace RadTex;

/// <summary>How JSON is read and written: names in snake case; a name given twice in an object is an error, where .NET would take the last.</summary>
internal static class JsonFormat
{
    /// <summary>One object a line.</summary>
    internal static readonly JsonSerializerOptions Line = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
    };

    /// <summary>For files people read.</summary>
    internal static readonly JsonSerializerOptions Indented = new(Line) { WriteIndented = true };

    /// <summary>For trees.</summary>
    internal static readonly JsonDocumentOptions Tree = new() { AllowDuplicateProperties = false };

    /// <summary>For trees people write by hand: with comments.</summary>
    internal static readonly JsonDocumentOptions Commented = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };
}
