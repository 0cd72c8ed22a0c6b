using System.Diagnostics;
using RadTex.Files;

namespace RadTex.Cli.Commands;

/// <summary>An encoder as the studio takes it, which has no tensor library in its process.</summary>
internal static class StudioEncoder
{
    private const string Ending = ".encoder.onnx", WeightsName = "encoder.safetensors", GraphName = "encoder.onnx";

    /// <summary>The ONNX file of what was named; a folder is exported by a process of its own, once.</summary>
    /// <exception cref="UserErrorException">It is neither, or cannot be exported.</exception>
    internal static string Find(string named, string project)
    {
        if (named.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) return named;
        if (!Directory.Exists(named))
            throw new UserErrorException($"{named} is no encoder: expected an .onnx file, or the folder of an encoder or a run.");
        if (Path.Combine(named, GraphName) is var graph && File.Exists(graph)) return graph; // a graph of others is one already
        // One file for each weights: another encoder's export is never taken for this one's.
        var weights = ((string[])[named, Path.Combine(named, "encoder")]).Select(f => Path.Combine(f, WeightsName)).FirstOrDefault(File.Exists);
        var made = $"{project}.{(weights is null ? "" : FileHash.Sha256(weights)[..12])}{Ending}";
        if (weights is not null && File.Exists(made)) return made;
        OutputFile.RequirePath(made);
        Console.WriteLine($"{named} is exported to {made}");
        using var export = Process.Start(OwnProgram.With("export", Path.GetDirectoryName(weights) ?? named, "--out", made))!;
        var error = export.StandardError.ReadToEndAsync();
        export.StandardOutput.ReadToEnd();
        export.WaitForExit();
        return export.ExitCode == 0 ? made
            : throw new UserErrorException($"{named} could not be exported: {error.GetAwaiter().GetResult().Trim().ReplaceLineEndings(" ")}");
    }
}
