using RadTex.Data;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>How <see cref="FrozenTransfer"/> runs.</summary>
/// <param name="Plan">Labels, examples, trials and heads.</param>
/// <param name="Output">The folder results go to.</param>
/// <param name="TrainSplit">Where labels are drawn from; null for all splits.</param>
/// <param name="TestSplit">What is tested on; null for all splits.</param>
/// <param name="Views">Augmented views of each drawn radiograph, which the paper's head takes in turn; 0: the centre view only.</param>
/// <param name="Augmentation">Of the augmented views.</param>
/// <param name="EncoderPatientsDiffer">Says that the encoder's pretraining numbers its patients independently of the test dataset.</param>
public sealed record FrozenTransferOptions(
    TransferPlan Plan, string Output, Split? TrainSplit = Split.Train, Split? TestSplit = Split.Test, int Views = 0,
    AffineAugmentation? Augmentation = null, bool EncoderPatientsDiffer = false)
{
    /// <summary>An augmented view of a drawn radiograph.</summary>
    internal View ViewOf(int index) => new(index, Augmentation ?? new(), Plan.Seed);

    /// <summary>Throws where something makes no sense.</summary>
    /// <exception cref="UserErrorException">A number out of range.</exception>
    internal FrozenTransferOptions Validated()
    {
        if (Views is < 0 or > 1000) throw new UserErrorException($"{Views} views: expected 0 to 1,000.");
        return this with { Plan = Plan.Validated() };
    }
}
