using System.CommandLine;
using RadTex.Files;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex bundle</c>: this program and models in one file, for a network without internet; <c>radtex bundle verify</c>.</summary>
internal static class BundleCommand
{
    internal static Command Build()
    {
        var inputs = new Argument<string[]>("MODEL")
        {
            Description = "Exported models, encoders, heads, vocabularies, runs: files and folders.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out") { Description = "The bundle, a ZIP file.", HelpName = "FILE", Required = true };
        var withoutProgram = new Option<bool>("--without-program") { Description = "Leave this program out." };
        var force = ForceOption.Of("a file that is there");
        var command = new Command("bundle", "Put this program and models into one file that can be carried, with the hash of each file.");
        command.Arguments.Add(inputs);
        foreach (var option in new Option[] { output, withoutProgram, force }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(
                parsed.GetValue(inputs)!, parsed.GetValue(output)!, !parsed.GetValue(withoutProgram), parsed.GetValue(force), cancellation),
            CancellationToken.None));
        command.Subcommands.Add(Verify());
        return command;
    }

    private static Command Verify()
    {
        var bundle = new Argument<string>("FILE") { Description = "A bundle." };
        var command = new Command("verify", "Compare every file of a bundle with its manifest; nothing is unpacked.") { bundle };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var path = parsed.GetValue(bundle)!;
                if (!File.Exists(path)) throw new UserErrorException($"{path} is not there. Expected a bundle.");
                IReadOnlyList<BundledFile> files;
                using (var display = new ProgressDisplay()) files = FileBundle.Verify(path, display, cancellation);
                Tell(path, files);
                return RadTexCommand.Success;
            }, CancellationToken.None));
        return command;
    }

    private static int Run(string[] inputs, string path, bool withProgram, bool force, CancellationToken cancellation)
    {
        OutputFile.Require(path, force);
        List<(string, string)> sources =
            [.. inputs.Select(i => ($"models/{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(i)))}", i))];
        if (withProgram) sources.Add(("program", Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        IReadOnlyList<BundledFile> files;
        using (var display = new ProgressDisplay())
            files = FileBundle.Write(path, sources, $"RadTex {typeof(BundleCommand).Assembly.GetName().Version?.ToString(3)}", display, cancellation);
        Tell(path, files);
        return RadTexCommand.Success;
    }

    private static void Tell(string path, IReadOnlyList<BundledFile> files)
    {
        foreach (var file in files.Where(f => !f.Name.StartsWith("program/", StringComparison.Ordinal)))
            Console.WriteLine($"{file.Sha256}  {file.Bytes,13:N0}  {file.Name}");
        int program = files.Count(f => f.Name.StartsWith("program/", StringComparison.Ordinal));
        if (program > 0) Console.WriteLine($"{program:N0} files of the program");
        Console.WriteLine($"{path}: {files.Count:N0} files, each as its manifest says. SHA-256 of the whole: {FileHash.Sha256(path)}");
    }
}
