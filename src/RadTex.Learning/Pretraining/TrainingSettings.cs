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
/// "bf16": bfloat16 convolutions and linear maps over float32 weights, norms and loss; "fp32"; "tf32": the same with a GPU's multiplication of 10
/// bits; "auto": bf16 where the hardware has it. The resolved configuration says which it was.
/// </param>
/// <param name="Seed">Everything random follows from it.</param>
/// <param name="MaxSteps">Fewer updates than the epochs make, the schedule shortened with them; 0 for all.</param>
/// <param name="Fraction">Part of the training patients that is trained on, drawn by the seed; of one seed a smaller part lies in a larger one (the
/// paper's Figure 3).</param>
public sealed record TrainingSettings(
    int Epochs = 50, int BatchSize = 128, int Groups = 2, bool DropLast = true, string Precision = "auto", long Seed = 0, long MaxSteps = 0,
    double Fraction = 1);
