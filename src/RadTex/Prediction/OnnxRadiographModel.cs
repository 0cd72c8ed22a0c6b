using RadTex.Imaging.Transforms;
using RadTex.Prediction.Onnx;

namespace RadTex.Prediction;

/// <summary>A classifier in ONNX Runtime: an exported file, or a model in memory.</summary>
public sealed class OnnxRadiographModel : IRadiographModel
{
    private readonly OnnxModel model;

    private OnnxRadiographModel(OnnxModel model) => this.model = model;

    /// <inheritdoc/>
    public RadiographInput Input => model.Input;

    /// <inheritdoc/>
    public ModelNotes Notes => model.Notes;

    /// <inheritdoc/>
    public string? FileSha256 => model.Sha256;

    /// <inheritdoc/>
    public string Runtime => Notes.Quantisation is null ? "ONNX Runtime, float32" : "ONNX Runtime, int8";

    /// <summary>Opens a file that the step 'export' wrote with heads; its hash and self-test are checked first.</summary>
    /// <exception cref="UserErrorException">No such model, or an encoder without heads.</exception>
    public static OnnxRadiographModel Open(string path)
    {
        var model = OnnxModel.Open(path);
        if (model.Notes.Outputs.Count > 0) return new(model);
        model.Dispose();
        throw new UserErrorException(
            $"{path} is an encoder without heads: it tells features, not probabilities. Run the step 'export' "
                + "with its encoder and the setting 'heads' = the folder of trained heads.");
    }

    /// <summary>A model in memory, such as one that was just built.</summary>
    internal static OnnxRadiographModel Open(byte[] model) => new(OnnxModel.Open(model));

    /// <inheritdoc/>
    public ModelAnswers Answer(Memory<float> images, int count) =>
        model.Run(images, count, [ModelTensors.Probabilities, ModelTensors.Features]) is [var probabilities, var features]
            ? new(probabilities, features)
            : throw new InvalidOperationException("two outputs were asked for");

    /// <summary>Releases ONNX Runtime's session.</summary>
    public void Dispose() => model.Dispose();
}
