using Google.Protobuf;
using RadTex.Files;

namespace RadTex.Prediction.Onnx;

/// <summary>The graph of an exported model, read to be changed.</summary>
internal static class ModelFile
{
    private const long LargestModel = int.MaxValue;

    /// <exception cref="UserErrorException">The file is none of ours, or damaged.</exception>
    internal static (ModelProto Model, ModelNotes Notes) Read(string path)
    {
        if (!File.Exists(path)) throw new UserErrorException($"No model at {path}. Expected an .onnx file that the step 'export' wrote.");
        if (new FileInfo(path).Length > LargestModel) throw new UserErrorException($"{path} is larger than {LargestModel:N0} bytes.");
        _ = ModelSeal.Check(path);
        try
        {
            var model = ModelProto.Parser.ParseFrom(RegularFile.ReadAllBytes(path));
            return (model, ModelNotes.Read(model.MetadataProps.ToDictionary(p => p.Key, p => p.Value), path));
        }
        catch (InvalidProtocolBufferException e) { throw new UserErrorException($"{path} is no ONNX model: {e.Message}", e); }
    }

    /// <summary>Writes a model with its self-test and its seal, and reads it back.</summary>
    internal static void Write(ModelProto model, string path)
    {
        using (var changed = OnnxModel.Open(model.ToByteArray())) ModelSelfTest.Of(changed).AddTo(model);
        AtomicFile.WriteAllBytes(path, ModelSeal.Bytes(model));
        OnnxModel.Open(path).Dispose(); // read back, its self-test run
    }
}
