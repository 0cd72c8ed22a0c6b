using System.Text.Json;
using System.Text.Json.Serialization;

namespace RadTex;

/// <summary>An enum's members as text in snake case, never as numbers.</summary>
public sealed class JsonEnumText<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
