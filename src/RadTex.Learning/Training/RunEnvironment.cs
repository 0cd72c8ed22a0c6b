using System.Reflection;
using System.Runtime.InteropServices;
using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>A run's <c>environment.json</c>: on what it ran. No names of hosts or users.</summary>
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
