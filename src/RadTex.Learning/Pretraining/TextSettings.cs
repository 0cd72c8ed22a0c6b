namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>text</c> of a configuration: from a report to tokens. The defaults are the paper's.</summary>
/// <param name="MaxTokens">Longest caption in tokens, [CLS] and [SEP] included.</param>
/// <param name="KeepEnd">Whether a cut caption still ends with [SEP]; VirTex cuts it off too.</param>
/// <param name="Vocabulary">"scibert": only SciBERT's own file will do; "any": the file given, or one built from the training split.</param>
/// <param name="VocabularySize">The most pieces of a vocabulary that is built.</param>
/// <param name="VocabularyMinFrequency">Pieces seen less often are not joined in a vocabulary that is built.</param>
public sealed record TextSettings(
    int MaxTokens = 170, bool KeepEnd = false, string Vocabulary = "scibert", int VocabularySize = 10_000, int VocabularyMinFrequency = 2);
