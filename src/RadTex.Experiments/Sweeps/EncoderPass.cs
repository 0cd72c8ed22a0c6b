namespace RadTex.Experiments.Sweeps;

/// <summary>What one frozen encoder's sweep cost, beside what it must cost and what its cells would cost one by one.</summary>
/// <param name="Initialisation">Whose encoder.</param>
/// <param name="Encoder">Its folder or name.</param>
/// <param name="Distinct">Distinct labelled radiographs that any task, N and trial draws or is tested on.</param>
/// <param name="Views">Views of those that are drawn: the centre one and the augmented ones.</param>
/// <param name="Bound">Distinct drawn radiographs times views, and tested ones once.</param>
/// <param name="Passed">Radiographs that went through the encoder now; 0 where all features lay on the disk.</param>
/// <param name="OneByOne">Radiographs that would go through it if every task, N and trial were run on its own.</param>
/// <param name="Seconds">Wall clock of the passes now.</param>
public sealed record EncoderPass(
    string Initialisation, string Encoder, int Distinct, int Views, long Bound, long Passed, long OneByOne, double Seconds)
{
    /// <summary>Radiographs, seconds and how near that is to the bound, in a line for the log.</summary>
    public override string ToString() =>
        $"{Initialisation}, {Encoder}: {Passed:N0} radiographs through the encoder in {Seconds:N1} s; {Distinct:N0} "
            + $"distinct labelled ones, {Views} view{(Views == 1 ? "" : "s")}: bound {Bound:N0}"
        + (Passed == 0 ? " (features were on the disk)" : $", ratio {(double)Passed / Bound:F3}")
        + $"; each cell on its own would take {OneByOne:N0}";
}
