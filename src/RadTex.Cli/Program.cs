using RadTex.Cli;
using RadTex.Learning.Native;

if (!StandardStreams.HasOutput || !StandardStreams.HasError)
{
    var to = StandardStreams.HasError ? Console.Error : StandardStreams.HasOutput ? Console.Out : TextWriter.Null;
    var closed = StandardStreams.HasOutput ? "error" : "output";
    to.WriteLine($"radtex: standard {closed} is closed. Expected a terminal, a file or a pipe: to see nothing of it, send it to /dev/null.");
    return RadTexCommand.UserMistake;
}
if (OpenFiles.Fault() is { } fault)
{
    Console.Error.WriteLine($"radtex: {fault}");
    return RadTexCommand.UserMistake;
}
// who only asks need not wait for a second start
if (args.Length > 0 && args[0] is not ("help" or "complete" or "completion") && !args.Any(a => a is "--help" or "-h" or "-?" or "--version"))
    FreedMemory.Keep();
return await RadTexCommand.RunAsync(args).ConfigureAwait(false);
