using System.Collections.Concurrent;
using RadTex.Files;
using RadTex.Service.Judging;
using RadTex.Service.Settings;
using RadTex.Service.Spool;

namespace RadTex.Service.Doors;

/// <summary>
/// A folder that is watched. A file that was the same at two looks is taken; when it is answered it moves, with its answer as JSON beside it. Until
/// then it stays: a killed service finds it again, and the queue knows it.
/// </summary>
internal sealed class FolderDoor(FolderSettings settings, Intake intake, InstanceQueue queue, AnswerBoard board)
{
    private const string Name = "folder";
    private const int AtATime = 16;

    private readonly ConcurrentDictionary<string, (long Length, DateTime Changed)> seen = new();

    internal async Task RunAsync(CancellationToken end)
    {
        foreach (var folder in (string[])[settings.Path, settings.Done, settings.Refused]) Directory.CreateDirectory(folder);
        while (!end.IsCancellationRequested)
        {
            if (queue.Leads(Name)) await LookAsync(end).ConfigureAwait(false);
            try { await Task.Delay(TimeSpan.FromSeconds(settings.PollSeconds), end).ConfigureAwait(false); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>One look: takes what has come to rest, and moves what is answered.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        FileInfo[] files = [.. new DirectoryInfo(settings.Path).EnumerateFiles().Where(f => f.LinkTarget is null && !f.Name.StartsWith('.'))];
        foreach (var gone in seen.Keys.Except(files.Select(f => f.FullName)).ToArray()) seen.TryRemove(gone, out _);
        var resting = files.Where(IsResting).OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal).ToArray();
        await Parallel.ForEachAsync(resting, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (file, token) => await TakeAsync(file, token).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private bool IsResting(FileInfo file)
    {
        var now = (file.Length, file.LastWriteTimeUtc);
        bool isResting = seen.TryGetValue(file.FullName, out var before) && before == now;
        seen[file.FullName] = now;
        return isResting && RegularFile.Fault(file.FullName) is null;
    }

    private async Task TakeAsync(FileInfo file, CancellationToken cancellation)
    {
        Receipt receipt;
        try
        {
            using var stream = RegularFile.OpenRead(file.FullName);
            receipt = await intake.TakeAsync(stream, new(Name, Name), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserErrorException) { return; } // still being written, or gone
        if (receipt.Refusal is { } reason)
        {
            if (!reason.IsPassing()) Move(file, settings.Refused, $"{{\"refused\":\"{reason.Name()}\"}}");
            return;
        }
        long id = receipt.Instance!.Id;
        bool IsAnswered() => queue.Find(id) is { State: not InstanceState.Received };
        await board.WaitAsync(id, IsAnswered, TimeSpan.FromMinutes(10), cancellation).ConfigureAwait(false);
        if (queue.Find(id) is not { } answered || !IsAnswered()) return;
        if (answered.Answer is { } answer) Move(file, settings.Done, answer);
        else Move(file, settings.Refused, "{\"refused\":\"judging_failed\"}");
    }

    // Answer first: a file that has moved has its answer.
    private static void Move(FileInfo file, string folder, string answer)
    {
        var target = Path.Combine(folder, file.Name);
        for (int i = 1; Path.Exists(target); i++)
            target = Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(file.Name)}-{i}{file.Extension}"));
        AtomicFile.WriteAllText(target + ".json", answer + "\n");
        File.Move(file.FullName, target);
    }
}
