using System.Reflection;
using System.Runtime.InteropServices;
using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>A run's <c>environment.json</c>: on what it ran. No names of hosts or users.</summary>
/// <param name="Software">RadTex and its version.</param>
/// <param name="Torch">TorchSharp's version and libtorch's.</param>
/// <param name="Dotnet">.NET's version.</param>
/// <param name="System">The operating system and its version.</param>
/// <param name="Processor">Its model name, or its architecture where that is not to be had.</param>
/// <param name="Processors">Logical ones this process may use.</param>
/// <param name="Threads">That torch computes with.</param>
/// <param name="Device">Where the model lies, such as "cpu".</param>
/// <param name="StartedAt">In UTC.</param>
/// <param name="ResumedFromStep">0 for a run from its beginning.</param>
public sealed record RunEnvironment(
    string Software, string Torch, string Dotnet, string System, string Processor, int Processors, int Threads, string Device,
    DateTimeOffset StartedAt, long ResumedFromStep)
{
    internal static RunEnvironment Now(string device, long resumedFromStep) => new(
        $"RadTex {typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"}",
        $"TorchSharp {typeof(Tensor).Assembly.GetName().Version}, libtorch {__version__}",
        RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, ProcessorName(), Environment.ProcessorCount, get_num_threads(),
        device,
        DateTimeOffset.UtcNow, resumedFromStep);

    // It informs; nothing depends on it.
    internal static RunEnvironment? Read(string path) => JsonFile.ReadIfWhole<RunEnvironment>(path);

    internal void Write(string path) => JsonFile.Write(path, this);

    private static string ProcessorName()
    {
        const string key = "model name";
        if (!File.Exists("/proc/cpuinfo")) return RuntimeInformation.ProcessArchitecture.ToString();
        var line = RegularFile.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
