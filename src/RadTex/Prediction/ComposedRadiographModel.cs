using RadTex.Imaging.Transforms;
using RadTex.Prediction.Onnx;

namespace RadTex.Prediction;

/// <summary>Several networks on one input, or an ensemble of one encoder's heads, computed one after the other.</summary>
internal sealed class ComposedRadiographModel : IRadiographModel
{
    private readonly IReadOnlyList<IRadiographModel> parts;
    private readonly ComposedOutputs outputs;

    /// <param name="parts">At least one; disposed of with this.</param>
    /// <param name="averages">Whether outputs of the same label and class become their mean.</param>
    internal ComposedRadiographModel(IReadOnlyList<IRadiographModel> parts, bool averages) =>
        (this.parts, outputs) = (parts, ComposedOutputs.Of([.. parts.Select(p => p.Notes)], averages));

    public RadiographInput Input => parts[0].Input;

    public ModelNotes Notes => outputs.Notes;

    public string Runtime => parts[0].Runtime;

    public ModelAnswers Answer(Memory<float> images, int count)
    {
        ModelAnswers[] answers = [.. parts.Select(p => p.Answer(images, count))];
        float[] Beside(Func<ModelAnswers, float[]> part) => [.. Enumerable.Range(0, count).SelectMany(i => answers.SelectMany(a =>
        {
            var values = part(a);
            int width = values.Length / count;
            return values.Skip(i * width).Take(width);
        }))];
        return new(outputs.Apply(Beside(a => a.Probabilities), count), Beside(a => a.Features));
    }

    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
    }
}
