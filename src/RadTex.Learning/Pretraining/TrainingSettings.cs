using System.ComponentModel.DataAnnotations;
using RadTex.Learning.Models;

namespace RadTex.Learning.Pretraining;

/// <summary>Section <c>training</c> of a configuration. The defaults are the paper's.</summary>
/// <param name="Epochs">Passes over the training split.</param>
/// <param name="BatchSize">Radiographs an update.</param>
/// <param name="Groups">
/// Parts a batch is cut into; batch norm sees one at a time, the loss is the mean of the parts' token means, and only the first
/// part moves the running statistics. 2 stands for the reference's two GPUs.
/// </param>
/// <param name="DropLast">Whether an epoch's last, smaller batch is left out.</param>
/// <param name="Precision">
/// Any but float64. The resolved configuration says what "auto" was.
/// </param>
/// <param name="Seed">Everything random follows from it.</param>
/// <param name="MaxSteps">Fewer updates than the epochs make, the schedule shortened with them; 0 for all.</param>
/// <param name="Fraction">Part of the training patients that is trained on, drawn by the seed; of one seed a smaller part lies in a larger one (the
/// paper's Figure 3).</param>
/// <param name="ExactGradient">Whether captioning's output layer makes the gradients of all words. False: on a CPU in bfloat16 and from
/// <see cref="WordBlocks.LeastWords"/> words on, those that no token's probability reaches are left out (<see cref="WordBlocks"/>).</param>
public sealed record TrainingSettings(
    [property: Range(1, 1_000_000)] int Epochs = 50, [property: Range(1, 65_536)] int BatchSize = 128,
    [property: Range(1, int.MaxValue)] int Groups = 2, bool DropLast = true, Precision Precision = Precision.Auto, long Seed = 0,
    [property: Range(0, double.MaxValue)] long MaxSteps = 0, [property: Range(0.0, 1, MinimumIsExclusive = true)] double Fraction = 1,
    bool ExactGradient = true);
