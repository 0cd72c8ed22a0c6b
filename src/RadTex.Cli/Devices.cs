using System.CommandLine;
using RadTex.Learning.Distributed;
using RadTex.Learning.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Cli;

/// <summary>The <c>--device</c> option: cpu, cuda or cuda:i.</summary>
internal static class Devices
{
    internal static Option<string> Option() =>
        new("--device") { Description = "Where to compute: cpu, cuda or cuda:i.", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };

    /// <summary>The device of a rank: with plain "cuda", processes of one machine take its devices in turn.</summary>
    /// <exception cref="UserErrorException">No such device here.</exception>
    internal static string ForRank(string name, ProcessGroup processes)
    {
        var device = name == "cuda" && processes.LocalSize > 1 ? $"cuda:{processes.LocalRank}" : name;
        return Require(device);
    }

    /// <summary>The name, where there is such a device here.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    internal static string Require(string name)
    {
        Parse(name);
        return name;
    }

    /// <exception cref="UserErrorException">No such device here.</exception>
    internal static Device Parse(string name)
    {
        TorchLibrary.EnsureLoaded();
        if (name == "cpu") return CPU;
        var parts = name.Split(':');
        int index = 0;
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && (!PlainNumber.TryParse(parts[1], out index) || index < 0)))
            throw new UserErrorException($"--device '{name}' is no device. Expected cpu, cuda or cuda:i.");
        if (!cuda.is_available())
            throw new UserErrorException($"--device {name}: this build of torch sees no CUDA device. Use --device cpu.");
        return index < cuda.device_count()
            ? new Device(DeviceType.CUDA, index)
            : throw new UserErrorException($"--device {name}: there are {cuda.device_count()} CUDA devices, numbered from 0.");
    }
}
