using RadTex.Data;
using RadTex.Gating;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Prediction.Onnx;

namespace RadTex.Prediction;

/// <summary>Whatever turns radiographs into probabilities.</summary>
public interface IRadiographModel : IDisposable
{
    /// <summary>What it takes.</summary>
    public RadiographInput Input { get; }

    /// <summary>Its encoder's card and what its columns are.</summary>
    public ModelNotes Notes { get; }

    /// <summary>From picture files, or rows of a dataset, to what it takes.</summary>
    /// <param name="anyModality">Read DICOM of any modality, not of radiography alone.</param>
    public InputPipeline Pipeline(bool anyModality = false) => new(Notes.Preparation, Input, anyModality);

    /// <summary>Which pictures it is not to judge.</summary>
    public RadiographGate Gate() => new(Notes.Likeness, ImageIntensities.Parse(Notes.Preparation.Intensity));

    /// <summary>What runs it, such as "ONNX Runtime".</summary>
    public string Runtime { get; }

    /// <summary>SHA-256 of the model's own file; null where it is no single file, as of an encoder's folder with heads.</summary>
    public string? FileSha256 => null;

    /// <summary>[n, C, S, S] to probabilities [n, K] and its encoder's features [n, F].</summary>
    public ModelAnswers Answer(Memory<float> images, int count);

    /// <summary>The probabilities alone, row by row, in the order of <see cref="ModelNotes.Outputs"/>.</summary>
    public float[] Probabilities(Memory<float> images, int count) => Answer(images, count).Probabilities;
}
