using RadTex.Learning.Distributed;

namespace RadTex.Cli;

/// <summary>Runs a command as one of the processes that an MPI launcher started, or by itself.</summary>
internal static class Ranks
{
    /// <summary>Gives the work its process group; where one rank fails all end, since the others would wait for it for ever.</summary>
    internal static int Run(Func<ProcessGroup, int> work)
    {
        using var processes = MpiProcessGroup.Join();
        if (processes.Size == 1) return work(processes);
        try { return work(processes); }
#pragma warning disable CA1031 // every fault must reach the other ranks
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Console.Error.WriteLine(
                $"radtex, rank {processes.Rank} of {processes.Size}: "
                    + $"{(RadTexCommand.MistakeIn(e) ?? $"internal error: {e.GetType().Name}: {e.Message}").ReplaceLineEndings(" ")}");
            processes.Abort(RadTexCommand.MistakeIn(e) is null ? RadTexCommand.ProgramFault : RadTexCommand.UserMistake);
            throw;
        }
#pragma warning restore CA1031
    }

    /// <summary>Lines of rank 0 go to the console, settings worded as flags; those of others nowhere.</summary>
    internal static Action<string> Say(ProcessGroup processes) => processes.IsFirst ? SettingWords.Tell : _ => { };
}
