using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Objective "contrastive": which text belongs to which radiograph of a part of the batch (<see cref="ContrastiveTask"/>). Its defaults are
/// ConVIRT's; preset <c>siglip</c> has the sigmoid form.
/// </summary>
/// <param name="Form">How pairs are told from other pairings.</param>
/// <param name="Projection">Width of the common space.</param>
/// <param name="Temperature">Divides cosines; of the softmax form.</param>
/// <param name="ImageWeight">Part of the loss that finds a radiograph's text; the rest finds a text's radiograph. Of the softmax form.</param>
/// <param name="Text">Which text a radiograph is paired with.</param>
public sealed record ContrastiveObjective(
    ContrastiveForm Form = ContrastiveForm.Softmax, int Projection = 512, double Temperature = 0.1, double ImageWeight = 0.75,
    PairedText Text = PairedText.Sentence) : PretrainingObjective("contrastive", readsReports: true)
{
    /// <summary>Among which radiographs and texts a pair is to be told.</summary>
    public PairScope Pairs { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Projection is < 1 or > 16_384) faults.Add($"objective.projection is {Projection} (expected 1 to 16,384)");
        if (Temperature is not (>= 1e-3 and <= 100)) faults.Add($"objective.temperature is {Temperature} (expected 0.001 to 100)");
        if (ImageWeight is not (>= 0 and <= 1)) faults.Add($"objective.image_weight is {ImageWeight} (expected 0 to 1)");
        return faults;
    }

    /// <inheritdoc/>
    public override PretrainingTask Create(PretrainingInputs inputs)
    {
        var (configuration, vocabulary) = (inputs.Configuration, inputs.Vocabulary!);
        var texts = PairedTexts.Make(
            inputs.Dataset, new ReportTokenizer(vocabulary, configuration.Text.MaxTokens, configuration.Text.KeepEnd), Text, inputs.Cancellation);
        inputs.Log($"{texts.Radiographs:N0} radiographs with {texts.Count:N0} texts");
        var model = CreateModel(configuration, configuration.ForVocabulary(vocabulary), inputs);
        var form = Form == ContrastiveForm.Softmax ? "softmax" : "sigmoid";
        return new(
            new ContrastiveTask(inputs, this, texts, model), model.Encoder,
            $"pretrained by RadTex, preset {configuration.Preset}, objective contrastive ({form})")
        {
            Radiographs = " with reports",
            WriteModel = (folder, card) => ModelFolder.Write(folder, model, vocabulary, ModelCard.Of(model.Configuration, card)).WeightsSha256,
        };
    }

    private ContrastiveModel CreateModel(PretrainingConfiguration configuration, ModelConfiguration network, PretrainingInputs inputs)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)configuration.Training.Seed);
        var model = new ContrastiveModel(
            network, Projection, configuration.Training.Precision == Precision.Bf16 ? ScalarType.BFloat16 : null, generator,
            inputs.Shared);
        model.to(inputs.Device);
        scope.Detach(model.parameters().Cast<Tensor>().Concat(model.buffers()));
        return model;
    }
}
