using RadTex.Data;
using RadTex.Gating;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;

namespace RadTex.Service.Models;

/// <summary>A model that is open to be asked: the same path from file to probability as <c>radtex predict</c>'s.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly OnnxRadiographModel model;
    private readonly Lazy<ClassMapModel> maps;

    /// <param name="name">In the registry.</param>
    /// <param name="path">Its file.</param>
    /// <param name="device">What it computes on.</param>
    internal ServedModel(string name, string path, string device)
    {
        Name = name;
        model = OnnxRadiographModel.Open(path, device);
        Pipeline = ((IRadiographModel)model).Pipeline();
        Gate = ((IRadiographModel)model).Gate();
        maps = new(() => ClassMapModel.Open(path));
    }

    internal string Name { get; }

    internal string Sha256 => model.FileSha256!;

    internal IRadiographModel Model => model;

    internal InputPipeline Pipeline { get; }

    internal RadiographGate Gate { get; }

    /// <summary>The encoder before its features are averaged; opened when first asked.</summary>
    internal ClassMapModel Maps => maps.Value;

    public void Dispose()
    {
        if (maps.IsValueCreated) maps.Value.Dispose();
        model.Dispose();
    }
}
