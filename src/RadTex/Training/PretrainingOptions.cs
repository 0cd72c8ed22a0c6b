using RadTex.Native;
using TorchSharp;

namespace RadTex.Training;

/// <summary>A pretraining to run.</summary>
/// <param name="Dataset">A prepared dataset's folder.</param>
/// <param name="Output">The run's folder: new, or that of a run to go on with.</param>
/// <param name="Configuration">How it is trained; see <see cref="ConfigurationReader"/>.</param>
/// <param name="Vocabulary">A vocabulary file; null for the run's own, or one built from the training split.</param>
/// <param name="Threads">Torch's threads; 0 to leave them as they are. The weights depend on it in their last bits.</param>
/// <param name="Device">cpu, cuda or cuda:i.</param>
public sealed record PretrainingOptions(
    string Dataset, string Output, PretrainingConfiguration Configuration, string? Vocabulary = null, int Threads = 0, string Device = "cpu")
{
    /// <summary>Loads torch with the threads asked for; gives the device and the configuration as it runs there.</summary>
    internal (torch.Device Device, PretrainingConfiguration Configuration) Begin()
    {
        TorchLibrary.EnsureLoaded();
        if (Threads > 0) torch.set_num_threads(Threads);
        var device = new torch.Device(Device);
        return (device, Configuration.ForDevice(device));
    }

    /// <summary>These options, or for more than one repeat: each with the next seed, into repeat-1, repeat-2, ... of the output (the paper pretrains five times).</summary>
    public IEnumerable<PretrainingOptions> Repeated(int repeats)
    {
        if (repeats < 1) throw new UserErrorException($"--repeats is {repeats}; expected 1 or more.");
        if (repeats == 1) return [this];
        return Enumerable.Range(0, repeats).Select(r => this with
        {
            Output = Path.Combine(Output, $"repeat-{r + 1}"),
            Configuration = Configuration with { Training = Configuration.Training with { Seed = Configuration.Training.Seed + r } },
        });
    }
}
