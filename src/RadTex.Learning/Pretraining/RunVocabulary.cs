using RadTex.Data;
using RadTex.Files;
using RadTex.Text;

namespace RadTex.Learning.Pretraining;

/// <summary>The vocabulary that a run reads reports with: the one given, the run's own, or one built from the training split.</summary>
internal static class RunVocabulary
{
    internal static WordPieceVocabulary Find(
        PretrainingOptions options, PreparedDataset dataset, Action<string> log, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var text = options.Configuration.Text;
        var kept = Path.Combine(options.Output, RunLayout.Vocabulary);
        WordPieceVocabulary vocabulary;
        if (options.Vocabulary is { } file) vocabulary = WordPieceVocabulary.Load(file);
        else if (File.Exists(kept)) vocabulary = WordPieceVocabulary.Load(kept);
        else if (text.Vocabulary == VocabularyChoice.SciBert)
            throw new UserErrorException(
                $"The preset {options.Configuration.Preset} reads reports with SciBERT's vocabulary: name its vocab.txt with "
                    + "the setting 'vocabulary', or take another one with the setting 'text.vocabulary' = any.");
        else
        {
            vocabulary = VocabularyBuilder
                .Build(CaptionCorpus.Read(dataset.Folder), text.VocabularySize, text.VocabularyMinFrequency, progress, cancellation);
            log($"The setting 'vocabulary' is not given: built one of {vocabulary.Count:N0} pieces from the training split's reports.");
        }
        if (text.Vocabulary == VocabularyChoice.SciBert && !vocabulary.IsSciBert)
            throw new UserErrorException(
                $"{options.Vocabulary ?? kept} is not SciBERT's vocabulary ({vocabulary.Count:N0} pieces, expected 31,090; "
                    + $"SHA-256 {vocabulary.Sha256}). Name scibert_scivocab_uncased's vocab.txt, or allow others with "
                    + "the setting 'text.vocabulary' = any.");
        return vocabulary;
    }
}
