using System.Runtime.CompilerServices;

namespace RadTex.Tests;

internal static class LoadTorch
{
    /// <summary>A test may touch a tensor before any type of RadTex: make torch loadable before the first test.</summary>
    [ModuleInitializer]
    internal static void Initialize() => RadTex.Native.TorchLibrary.EnsureLoaded();
}
