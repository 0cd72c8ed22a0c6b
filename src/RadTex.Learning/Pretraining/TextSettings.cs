using System.ComponentModel.DataAnnotations;

namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>text</c> of a configuration: from a report to tokens. The defaults are the paper's.</summary>
/// <param name="MaxTokens">Longest caption in tokens, [CLS] and [SEP] included.</param>
/// <param name="KeepEnd">Whether a cut caption still ends with [SEP]; VirTex cuts it off too.</param>
/// <param name="Vocabulary">Which vocabularies will do.</param>
/// <param name="VocabularySize">The most pieces of a vocabulary that is built.</param>
/// <param name="VocabularyMinFrequency">Pieces seen less often are not joined in a vocabulary that is built.</param>
public sealed record TextSettings(
    int MaxTokens = 170, bool KeepEnd = false, VocabularyChoice Vocabulary = VocabularyChoice.SciBert,
    [property: Range(6, 1_000_000)] int VocabularySize = 10_000, [property: Range(1, int.MaxValue)] int VocabularyMinFrequency = 2);
