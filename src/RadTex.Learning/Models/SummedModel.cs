using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>The models of several objectives, which share <see cref="SharedParts"/>; their parameters are each there once.</summary>
internal sealed class SummedModel : nn.Module
{
    private readonly List<string> names = [];

    internal SummedModel(IReadOnlyList<(string Name, nn.Module Model)> models) : base(nameof(SummedModel))
    {
        foreach (var (name, model) in models)
        {
            names.Add(name);
            register_module(name, model);
        }
    }

    internal int IndexOf(string name) => names.IndexOf(name);
}
