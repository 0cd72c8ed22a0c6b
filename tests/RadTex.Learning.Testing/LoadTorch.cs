using System.Runtime.CompilerServices;
using RadTex.Learning.Native;

namespace RadTex.Learning.Testing;

internal static class LoadTorch
{
    /// <summary>A test may touch a tensor before any type of RadTex: make torch loadable before the first test.</summary>
    [ModuleInitializer]
    internal static void Initialize() => TorchLibrary.EnsureLoaded();
}
