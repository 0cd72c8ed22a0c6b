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

    /// <summary>One object a line, each member there and none null that the type does not say may be.</summary>
    internal static readonly JsonSerializerOptions StrictLine = new(Line)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>As <see cref="StrictLine"/>, for files people read.</summary>
    internal static readonly JsonSerializerOptions StrictIndented = new(StrictLine) { WriteIndented = true };

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
