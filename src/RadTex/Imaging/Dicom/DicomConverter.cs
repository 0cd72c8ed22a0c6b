using System.Diagnostics;

namespace RadTex.Imaging.Dicom;

/// <summary>
/// JPEG 2000 and JPEG-LS through <c>gdcmconv</c> (Debian: libgdcm-tools), where it is installed: it writes native pixels into a folder of
/// our own, within bounds of time, memory and file size.
/// </summary>
internal static class DicomConverter
{
    private const string Program = "gdcmconv";
    private const int MostSeconds = 60, MostMemoryMebibytes = 4096;

    private static readonly Lazy<string?> Found = new(() => Find(Environment.GetEnvironmentVariable("PATH")));

    /// <summary>Reads the file again in a syntax without compression.</summary>
    /// <exception cref="ImageFaultException">The program is missing, fails, or takes too long.</exception>
    internal static DicomFile ToNative(string path, DicomSyntax syntax) => ToNative(path, syntax, Found.Value);

    internal static DicomFile ToNative(string path, DicomSyntax syntax, string? program)
    {
        if (program is null)
            throw new ImageFaultException(
                ImageFault.UnsupportedDicom,
                $"its pixels are {syntax.Name}, which is read through {Program}, and that is not installed. Install it (Debian: libgdcm-tools)");
        var folder = Directory.CreateTempSubdirectory("radtex-dicom-"); // for the user alone
        try
        {
            var output = Path.Combine(folder.FullName, "native.dcm");
            Run(program, Path.GetFullPath(path), output, syntax);
            var file = File.Exists(output) ? DicomFile.Read(output) : throw Failed(syntax);
            return file.Syntax.Coding == PixelCoding.Native ? file : throw Failed(syntax);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The program's path; null where no folder of <paramref name="searchPath"/> has it.</summary>
    internal static string? Find(string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    private static void Run(string program, string input, string output, DicomSyntax syntax)
    {
        // The shell sets the bounds and becomes the program; paths are handed over as arguments, never as words of the script.
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string script = $"ulimit -t {MostSeconds}; ulimit -v {MostMemoryMebibytes * 1024}; ulimit -f {DicomFile.MostBytes / 512}; "
            + "ulimit -c 0; exec \"$0\" --raw \"$1\" \"$2\"";
        foreach (var argument in new[] { "-c", script, program, input, output }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw Failed(syntax);
        process.OutputDataReceived += (_, _) => { }; // read and forgotten: it may quote the file
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(MostSeconds)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new ImageFaultException(ImageFault.Unreadable, $"{Program} took more than {MostSeconds} seconds over its {syntax.Name} pixels");
        }
        if (process.ExitCode != 0) throw Failed(syntax);
    }

    private static ImageFaultException Failed(DicomSyntax syntax) =>
        new(ImageFault.Unreadable, $"damaged DICOM: {Program} cannot decompress its {syntax.Name} pixels");
}
