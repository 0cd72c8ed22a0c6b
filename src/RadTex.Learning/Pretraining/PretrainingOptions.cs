using System.Text.Json;
using RadTex.Learning.Distributed;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Learning.Training;
using TorchSharp;

namespace RadTex.Learning.Pretraining;

/// <summary>A pretraining to run.</summary>
/// <param name="Dataset">A prepared dataset's folder.</param>
/// <param name="Output">The run's folder: new, or that of a run to go on with.</param>
/// <param name="Configuration">How it is trained; see <see cref="ConfigurationReader"/>.</param>
/// <param name="Vocabulary">A vocabulary file; null for the run's own, or one built from the training split.</param>
/// <param name="Threads">Torch's threads; 0 to leave them as they are, or for an even share of this machine's where several processes train. The
/// weights depend on it in their last bits.</param>
/// <param name="Device">cpu, cuda or cuda:i.</param>
/// <param name="Processes">Those that train together; null for this one alone.</param>
public sealed record PretrainingOptions(
    string Dataset, string Output, PretrainingConfiguration Configuration, string? Vocabulary = null, int Threads = 0, string Device = "cpu",
    ProcessGroup? Processes = null)
{
    /// <summary>More than any machine has processors; torch makes as many as it is told and never answers.</summary>
    public const int MostThreads = 1024;

    internal ProcessGroup Group => Processes ?? ProcessGroup.Alone;

    /// <summary>
    /// Sets torch as asked for until the result's settings are disposed of; gives the device and the configuration as it runs there.
    /// </summary>
    internal (TorchSettings Settings, torch.Device Device, PretrainingConfiguration Configuration) Begin()
    {
        if (Threads is < 0 or > MostThreads) throw new UserErrorException($"{Threads:N0} threads: expected 0 to {MostThreads:N0}.");
        TorchLibrary.EnsureLoaded();
        int threads = Threads > 0 ? Threads : Group.Size > 1 ? Math.Max(1, Environment.ProcessorCount / Group.LocalSize) : 0;
        var device = new torch.Device(Device);
        bool tf32 = Configuration.Training.Precision == Precision.Tf32;
        if (tf32 && device.type != DeviceType.CUDA)
            throw new UserErrorException(
                $"training.precision=tf32 is a way of GPUs to multiply, and the device is {Device}. Use auto, bf16 or fp32, or "
                    + "the setting 'device' = cuda.");
        return (new(threads, device.type == DeviceType.CUDA ? tf32 : null), device, Configuration.ForDevice(device));
    }

    /// <summary>
    /// Opens the run, which rank 0 alone has, once all ranks are known to have been given the same; and its result on every rank, where it is
    /// complete.
    /// </summary>
    internal (RunFolder? Run, PretrainingResult? Complete) OpenRun(PretrainingConfiguration resolved, RunInputs inputs, Action<string> log)
    {
        var configuration = resolved.Resolved();
        Group.RequireSame(
            "The dataset, vocabulary or configuration", JsonSerializer
                .SerializeToUtf8Bytes((object)new { inputs.DatasetHash, inputs.VocabularySha256, configuration }, JsonFormat.Indented),
            "Give every rank the same command and files.");
        if (Group.Size > 1) log($"Training in {Group.Description}, {torch.get_num_threads()} threads each.");
        var run = Group.IsFirst
            ? RunFolder.Open(Output, configuration, inputs, resolved.Log.KeepCheckpoints, log, EarlierConfiguration.Upgrade)
            : null;
        var complete = PretrainingResult.Share(run is null ? null : PretrainingResult.Read(run), Output, Group);
        if (complete is not null) log($"The run in {Output} is complete; nothing was done.");
        return (run, complete);
    }

    /// <summary>
    /// These options, or for more than one repeat: each with the next seed, into repeat-1, repeat-2, ... of the output (the paper pretrains five
    /// times).
    /// </summary>
    public IEnumerable<PretrainingOptions> Repeated(int repeats)
    {
        if (repeats is < 1 or > 1000) throw new UserErrorException($"{repeats} repeats: expected 1 to 1,000.");
        if (repeats == 1) return [this];
        return Enumerable.Range(0, repeats).Select(r => this with
        {
            Output = Path.Combine(Output, $"repeat-{r + 1}"),
            Configuration = Configuration with { Training = Configuration.Training with { Seed = Configuration.Training.Seed + r } },
        });
    }
}
