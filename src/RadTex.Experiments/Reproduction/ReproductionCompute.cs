using System.ComponentModel.DataAnnotations;
using RadTex.Learning.Models;

namespace RadTex.Experiments.Reproduction;

/// <summary>How it is computed; changes no figure but by rounding.</summary>
/// <param name="PretrainingProcesses">Pretrainings side by side, each a process.</param>
/// <param name="PretrainingThreads">Torch's threads in each.</param>
/// <param name="Workers">Networks fine-tuned side by side.</param>
/// <param name="Precision">auto, bf16 or fp32, downstream.</param>
/// <param name="Device">cpu, cuda or cuda:i.</param>
/// <param name="EvaluationBatch">Radiographs a forward pass.</param>
public sealed record ReproductionCompute(
    [property: Range(1, 256)] int PretrainingProcesses = 1, int PretrainingThreads = 0, [property: Range(1, 256)] int Workers = 1,
    Precision Precision = Precision.Auto, string Device = "cpu",
    int EvaluationBatch = 64)
{
    /// <summary>How sweeps compute.</summary>
    internal ComputeSettings Downstream => new(Precision, Device, EvaluationBatch, Workers);
}
