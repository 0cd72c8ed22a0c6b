using RadTex.Imaging.Transforms;
using RadTex.Prediction.Onnx;

namespace RadTex.Prediction;

/// <summary>A classifier in ONNX Runtime: an exported file, or a model in memory.</summary>
public sealed class OnnxRadiographModel : IRadiographModel
{
    private readonly OnnxModel model;
    private readonly string device;

    private OnnxRadiographModel(OnnxModel model, string device) => (this.model, this.device) = (model, device);

    /// <inheritdoc/>
    public RadiographInput Input => model.Input;

    /// <inheritdoc/>
    public ModelNotes Notes => model.Notes;

    /// <inheritdoc/>
    public string? FileSha256 => model.Sha256;

    /// <inheritdoc/>
    public string Runtime => $"ONNX Runtime, {(Notes.Quantisation is null ? "float32" : "int8")}{(device == OnnxDevice.Cpu ? "" : $", {device}")}";

    /// <summary>Opens a file that the step 'export' wrote with heads; its hash and self-test are checked first.</summary>
    /// <exception cref="UserErrorException">No such model, or an encoder without heads.</exception>
    /// <param name="path">An <c>.onnx</c> file.</param>
    /// <param name="device">cpu, or cuda or cuda:i in a build with the property RadTexOnnxRuntime=cuda.</param>
    public static OnnxRadiographModel Open(string path, string device = OnnxDevice.Cpu)
    {
        var model = OnnxModel.Open(path, device: device);
        if (model.Notes.Outputs.Count > 0) return new(model, device);
        model.Dispose();
        throw new UserErrorException(
            $"{path} is an encoder without heads: it tells features, not probabilities. Run the step 'export' "
                + "with its encoder and the setting 'heads' = the folder of trained heads.");
    }

    /// <summary>A model in memory, such as one that was just built.</summary>
    internal static OnnxRadiographModel Open(byte[] model, string device = OnnxDevice.Cpu) => new(OnnxModel.Open(model, device: device), device);

    /// <inheritdoc/>
    public ModelAnswers Answer(Memory<float> images, int count) =>
        model.Run(images, count, [ModelTensors.Probabilities, ModelTensors.Features]) is [var probabilities, var features]
            ? new(probabilities, features)
            : throw new InvalidOperationException("two outputs were asked for");

    /// <summary>Releases ONNX Runtime's session.</summary>
    public void Dispose() => model.Dispose();
}
