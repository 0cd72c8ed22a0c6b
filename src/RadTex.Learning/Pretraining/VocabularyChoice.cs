using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>Which vocabularies a run takes. Its text in configurations is "scibert" or "any".</summary>
[JsonConverter(typeof(JsonEnumText<VocabularyChoice>))]
public enum VocabularyChoice
{
    /// <summary>SciBERT's own file and no other, the paper's.</summary>
    [JsonStringEnumMemberName("scibert")]
    SciBert,

    /// <summary>The file given, or one built from the training split.</summary>
    Any,
}
