using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Prediction;
using RadTex.Studies;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Any encoder that another program wrote as ONNX, frozen: its graph from our input to one vector a radiograph, as an encoder's folder. Layout,
/// channels and outputs are read from the graph and checked on a run.
/// </summary>
public static class OnnxImport
{
    /// <summary>As <c>radtex import</c> takes it.</summary>
    public const string Name = "onnx";

    /// <summary>Reads a graph and writes an encoder with its card.</summary>
    /// <param name="path">An <c>.onnx</c> file; weights that lie in files beside it are brought in.</param>
    /// <param name="output">The encoder's folder.</param>
    /// <param name="options">What the graph does not say.</param>
    /// <returns>The card, and what a user must know of the import.</returns>
    /// <exception cref="UserErrorException">The file is refused, or is no image encoder; the message says what was found and expected.</exception>
    public static (EncoderCard Card, IReadOnlyList<string> Notes) Run(string path, string output, OnnxImportOptions options)
    {
        if (options.ImageSize is < 32 or > 4096) throw new UserErrorException($"An image size of {options.ImageSize} pixels: expected 32 to 4,096.");
        if ((options.Scaling is null) == (options.Standardisation is null))
            throw new UserErrorException(
                "A graph does not say how pixels become its input: name a scaling, or means and deviations, and not both. "
                    + $"Scalings are {string.Join(", ", IntensityScalings.Names)}.");
        using var claim = OutputFolder.Open(output, FolderKind.Encoder);
        var model = OnnxFile.Read(path);
        string sha256 = FileHash.Sha256(path);
        EncoderFolder.RequireSame(output, sha256, options.Force);
        var (graph, width, notes) = new OnnxEncoderGraph(model, path, options).Build();
        int channels = (int)graph.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue;
        var card = EncoderFolder.Write(output, graph, new(
            FrozenEncoder.Name, width, channels, options.ImageSize, (options.Scaling ?? OnnxEncoderGraph.OwnScaling).Name(), "MONOCHROME2", width,
            $"the graph of {Path.GetFileName(path)} (SHA-256 {sha256}), frozen{string.Concat(notes.Select(n => "; " + n))}", Synthetic: false, ""));
        return (card, notes);
    }
}
