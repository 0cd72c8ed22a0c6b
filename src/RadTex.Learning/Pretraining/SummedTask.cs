using RadTex.Learning.Models;
using RadTex.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Several tasks at once on the same radiographs: one pass of the encoder, the losses weighted and summed, one backward pass. Each draws its random
/// numbers after those before it in the list.
/// </summary>
internal sealed class SummedTask : TrainingTask<SummedPart>
{
    private readonly PretrainingInputs inputs;
    private readonly (WeightedObjective Term, IEncodedTask Task)[] terms;
    private readonly RadiographBatches images;
    private readonly SummedModel model;

    /// <exception cref="UserErrorException">The terms do not learn from the same radiographs.</exception>
    internal SummedTask(PretrainingInputs inputs, IReadOnlyList<(WeightedObjective Term, IEncodedTask Task)> terms)
    {
        (this.inputs, this.terms) = (inputs, [.. terms]);
        var (configuration, dataset) = (inputs.Configuration, inputs.Dataset);
        images = new(dataset, configuration.Input, configuration.Augmentation, configuration.Training.Seed);
        model = new([.. terms.Select(t => (t.Term.Objective.Name.Replace('-', '_'), t.Task.Task.Model))]);
        Sampler = terms[0].Task.Task.Sampler;
        var own = Sampler.Epoch(0);
        if (terms.FirstOrDefault(t => !t.Task.Task.Sampler.Epoch(0).SequenceEqual(own)) is { Term: { } other })
            throw new UserErrorException(
                $"The objectives {terms[0].Term.Objective.Name} and {other.Objective.Name} learn from other radiographs of "
                    + $"{dataset.Folder}; a sum needs "
                    + "the same for all.");
    }

    public override string Name => "pretraining";

    public override nn.Module Model => model;

    public override EpochSampler Sampler { get; }

    public override int? Groups => inputs.Configuration.Training.Groups;

    /// <summary>As the first of them, so that a sum's parts are those of its first objective alone.</summary>
    public override IReadOnlyList<int> Deal(IReadOnlyList<int> batch, int parts) => terms[0].Task.Task.Deal(batch, parts);

    public override IReadOnlyList<ParameterGroup> MakeGroups() => ParameterGroup.Group(model, name =>
    {
        var parts = name.Split('.', 2);
        return terms[model.IndexOf(parts[0])].Task.GroupOf(parts[1]);
    });

    public override SummedPart Prepare(PartOfBatch part) => new(
        DeviceTransfer.Staged(images.TrainingViews(part.Radiographs, part.Step), inputs.Device),
        [.. terms.Select(t => t.Task.PrepareTexts(part))]);

    public override LossTerms Loss(SummedPart data, PartOfBatch part)
    {
        using var scope = NewDisposeScope();
        var encoded = terms[0].Task.Shared.Visual.Encode(DeviceTransfer.To(data.Images, inputs.Device));
        var (sum, named, figures, tokens) = ((Tensor?)null, new List<(string, Tensor)>(), new List<(string, double)>(), 0L);
        for (int t = 0; t < terms.Length; t++)
        {
            using Scalar weight = terms[t].Term.Weight;
            var loss = terms[t].Task.Loss(encoded, data.Texts[t], part);
            var weighted = loss.Loss.mul(weight);
            sum = sum is null ? weighted : sum.add(weighted, Scalars.One);
            named.AddRange(loss.Terms.Select(term => (term.Name, term.Value.mul(weight).MoveToOuterDisposeScope())));
            figures.AddRange(loss.Figures ?? []);
            tokens = Math.Max(tokens, loss.Tokens);
        }
        return new(sum!.MoveToOuterDisposeScope(), named, tokens, figures);
    }

    public override IReadOnlyList<string> StudyIds(IReadOnlyList<int> radiographs) => inputs.Dataset.StudyIds(radiographs);

    public override IReadOnlyList<(string Name, double Value)> Validate(CancellationToken cancellation) =>
        [.. terms.SelectMany(t => t.Task.Task.Validate(cancellation))];
}
