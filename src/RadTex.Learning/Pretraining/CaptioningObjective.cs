using RadTex.Learning.Checkpoints;
using RadTex.Text;

namespace RadTex.Learning.Pretraining;

/// <summary>Objective "captioning": the radiograph's report, predicted token by token (<see cref="CaptioningTask"/>). The paper's.</summary>
/// <param name="Directions">In which directions.</param>
public sealed record CaptioningObjective(CaptionDirections Directions = CaptionDirections.Both)
    : PretrainingObjective("captioning", readsReports: true)
{
    /// <inheritdoc/>
    public override PretrainingTask Create(PretrainingInputs inputs)
    {
        var (configuration, vocabulary) = (inputs.Configuration, inputs.Vocabulary!);
        var tokens = CaptionTokens.Make(
            inputs.Dataset, new ReportTokenizer(vocabulary, configuration.Text.MaxTokens, configuration.Text.KeepEnd), inputs.Cancellation);
        inputs.Log(tokens.Statistics.ToString());
        var model = CaptioningTask.CreateModel(configuration, configuration.ForVocabulary(vocabulary), inputs.Device, inputs.Shared);
        return new(
            new CaptioningTask(configuration, inputs.Dataset, tokens, model, Directions, inputs.Device), model.Encoder,
            $"pretrained by RadTex, preset {configuration.Preset}")
        {
            Radiographs = " with reports",
            WriteModel = (folder, card) => ModelFolder.Write(folder, model, vocabulary, ModelCard.Of(model.Configuration, card)).WeightsSha256,
        };
    }
}
