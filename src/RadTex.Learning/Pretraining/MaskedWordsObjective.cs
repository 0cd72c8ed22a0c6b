using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Objective "masked-words": words that are hidden from a report, named from the rest of it and the radiograph (<see cref="MaskedWordsTask"/>). Its
/// defaults are VirTex's masked language task; BERT's are masked 0.8, replaced 0.1.
/// </summary>
/// <param name="Share">Of a text's tokens to be named.</param>
/// <param name="Masked">Of those that become [MASK].</param>
/// <param name="Replaced">Of those that become another piece; the rest stay.</param>
public sealed record MaskedWordsObjective(double Share = 0.15, double Masked = 0.85, double Replaced = 0.1)
    : PretrainingObjective("masked-words", readsReports: true)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Share is not (> 0 and <= 1)) faults.Add($"objective.share is {Share} (expected above 0, at most 1)");
        if (!(Masked >= 0 && Replaced >= 0 && Masked + Replaced <= 1))
            faults.Add($"objective.masked is {Masked} and objective.replaced {Replaced} (expected shares of 1 together at most)");
        return faults;
    }

    /// <inheritdoc/>
    public override PretrainingTask Create(PretrainingInputs inputs)
    {
        var (configuration, vocabulary) = (inputs.Configuration, inputs.Vocabulary!);
        var tokens = CaptionTokens.Make(
            inputs.Dataset, new ReportTokenizer(vocabulary, configuration.Text.MaxTokens, configuration.Text.KeepEnd), inputs.Cancellation);
        inputs.Log(tokens.Statistics.ToString());
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)configuration.Training.Seed);
        var model = new MaskedWordsModel(
            configuration.ForVocabulary(vocabulary), configuration.Training.Precision == Precision.Bf16 ? ScalarType.BFloat16 : null, generator,
            inputs.Shared);
        model.to(inputs.Device);
        scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
        return new(
            new MaskedWordsTask(inputs, this, tokens, model), model.Encoder,
            $"pretrained by RadTex, preset {configuration.Preset}, objective masked-words")
        {
            Radiographs = " with reports",
            WriteModel = (folder, card) => ModelFolder.Write(folder, model, vocabulary, ModelCard.Of(model.Configuration, card)).WeightsSha256,
        };
    }
}
