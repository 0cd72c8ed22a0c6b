using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>What a training says where a device's memory does not hold its step.</summary>
internal static class DeviceMemory
{
    /// <summary>
    /// <see cref="IObjective{TBatch}.Backpropagate"/>, the error of too little memory made one that says how many radiographs would fit.
    /// </summary>
    /// <exception cref="UserErrorException">The step needs more memory than there is.</exception>
    internal static StepLosses Backpropagate<TBatch>(IObjective<TBatch> objective, TBatch batch) where TBatch : class, IDisposable
    {
        try
        {
            return objective.Backpropagate(batch);
        }
        catch (ExternalException e) when (IsExhausted(e))
        {
            int asked = objective.AtOnce(batch), fits = asked / 2;
            while (fits >= 2 && !Fits(objective, batch, fits)) fits /= 2; // the step's own tensors are gone by now
            var cure = fits >= 2
                ? $"{fits} fit, as was just tried: {objective.SmallerBatch(fits)}."
                : "Not even 2 fit: take a smaller image or network.";
            throw new UserErrorException($"There is too little memory to train on {asked} radiographs at once ({FirstLine(e)}). {cure}", e);
        }
    }

    private static bool Fits<TBatch>(IObjective<TBatch> objective, TBatch batch, int count) where TBatch : class, IDisposable
    {
        try
        {
            using var scope = NewDisposeScope();
            objective.Try(batch, count);
            return true;
        }
        catch (ExternalException e) when (IsExhausted(e))
        {
            return false;
        }
    }

    // "CUDA out of memory. Tried to allocate ..." of a GPU, "DefaultCPUAllocator: can't allocate memory: ..." of the host.
    private static bool IsExhausted(ExternalException e) =>
        e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("can't allocate memory", StringComparison.Ordinal);

    private static string FirstLine(ExternalException e) => e.Message.Split('\n')[0].Trim().TrimEnd('.');
}
