using Microsoft.ML.OnnxRuntime;
using RadTex.Files;
using RadTex.Imaging.Transforms;

namespace RadTex.Prediction.Onnx;

/// <summary>A model that <c>radtex export</c> wrote, running in ONNX Runtime on the CPU.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession session;

    private OnnxModel(InferenceSession session, string path, string? sha256 = null)
    {
        this.session = session;
        Sha256 = sha256;
        Notes = ModelNotes.Read(session.ModelMetadata.CustomMetadataMap, path);
        Input = new(Notes.Encoder.ImageSize, Notes.Encoder.Channels, IntensityScalings.Parse(Notes.Encoder.Scaling));
    }

    /// <summary>What the model says of itself.</summary>
    public ModelNotes Notes { get; }

    /// <summary>How a picture's bytes become the model's input, [C, S, S] float32, as its encoder's card says.</summary>
    public RadiographInput Input { get; }

    /// <summary>Of the whole file, lower-case hexadecimal; null for a model that is in memory alone.</summary>
    public string? Sha256 { get; }

    /// <summary>Opens a model file: its hash is checked before anything in it is believed, then its self-test is run.</summary>
    /// <param name="path">An <c>.onnx</c> file.</param>
    /// <param name="threads">That compute; 0 for one a processor.</param>
    /// <exception cref="UserErrorException">No such file, none of ours, damaged or altered, or its self-test gives something else here.</exception>
    public static OnnxModel Open(string path, int threads = 0)
    {
        if (!File.Exists(path)) throw new UserErrorException($"No model at {path}. Expected an .onnx file that the step 'export' wrote.");
        RegularFile.Require(path);
        var sha256 = ModelSeal.Check(path);
        using var options = Options(threads);
        InferenceSession? session = null;
        try
        {
            session = new(path, options);
            var model = new OnnxModel(session, path, sha256);
            ModelSelfTest.Read(session.ModelMetadata.CustomMetadataMap, path)
                .Check(ModelSelfTest.Of(model), model.Notes.Quantisation is null ? ModelSelfTest.Tolerance : ModelSelfTest.Int8Tolerance, path);
            return model;
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is OnnxRuntimeException)
                throw new UserErrorException(
                    $"{path} is no model that ONNX Runtime can open and run: {e.Message.ReplaceLineEndings(" ")} Export it again.", e);
            throw;
        }
    }

    internal static OnnxModel Open(byte[] model, int threads = 0)
    {
        using var options = Options(threads);
        return new(new InferenceSession(model, options), "the model");
    }

    /// <summary>One output for a batch.</summary>
    /// <param name="images">[n, C, S, S].</param>
    /// <param name="count">n.</param>
    /// <param name="output">"features" or "probabilities".</param>
    /// <returns>[n, F] or [n, K], row by row.</returns>
    public float[] Run(Memory<float> images, int count, string output) => Run(images, count, [output])[0];

    internal float[][] Run(Memory<float> images, int count, IReadOnlyCollection<string> outputs)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, images, [count, Input.Channels, Input.ImageSize, Input.ImageSize]);
        using var options = new RunOptions();
        using var results = session.Run(options, [ModelTensors.Image], [input], outputs);
        return [.. results.Select(r => r.GetTensorDataAsSpan<float>().ToArray())];
    }

    /// <summary>Releases ONNX Runtime's session.</summary>
    public void Dispose() => session.Dispose();

    internal static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads > 0 ? threads : Environment.ProcessorCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Waiting threads that spin would take the processors from those that decode pictures.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
