using RadTex.Data;
using RadTex.Gating;

namespace RadTex.Prediction;

/// <summary>A picture that was put before a model, with what the model says of it or why it says nothing.</summary>
/// <param name="Name">Its path; of a dataset's row its image id.</param>
/// <param name="Probabilities">K, in the order of the model's outputs; null where the picture is not judged.</param>
/// <param name="Refusal">Why it is not judged or, where all were asked for, should not be; null for a picture like those learnt from.</param>
public sealed record JudgedPicture(string Name, float[]? Probabilities, Refusal? Refusal)
{
    /// <summary>How far it lies from the training radiographs, 1 is usual; null where they are not known.</summary>
    public double? Distance { get; init; }

    /// <summary>Judges the pictures of a batch, in its order.</summary>
    /// <param name="model">What judges.</param>
    /// <param name="gate">Its own (<see cref="IRadiographModel.Gate"/>).</param>
    /// <param name="batch">The pictures.</param>
    /// <param name="judgeAll">Judge what the gate refuses too; the refusal stays with it.</param>
    public static IReadOnlyList<JudgedPicture> Of(IRadiographModel model, RadiographGate gate, InputBatch batch, bool judgeAll = false)
    {
        if (batch.Count == 0) return [];
        var answers = model.Answer(batch.Images, batch.Count);
        int outputs = answers.Probabilities.Length / batch.Count, width = answers.Features.Length / batch.Count;
        int own = gate.Card?.Features ?? 0; // of several networks the first one's
        return
        [
            .. batch.Names.Select((name, i) =>
            {
                var picture = gate.Look(batch.Pictures[i]);
                var refusal = gate.Check(picture, answers.Features.AsSpan(i * width, own));
                float[]? probabilities = refusal is null || judgeAll ? answers.Probabilities[(i * outputs)..((i + 1) * outputs)] : null;
                return new JudgedPicture(name, probabilities, refusal) { Distance = gate.Distance(picture, answers.Features.AsSpan(i * width, own)) };
            }),
        ];
    }
}
