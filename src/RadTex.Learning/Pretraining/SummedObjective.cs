using RadTex.Data;
using RadTex.Learning.Models;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Several objectives of reports in one run, their losses weighted and summed (<see cref="SummedTask"/>). Configurations give it as a list. Encoder
/// and token embedding are one for all.
/// </summary>
/// <param name="Terms">Two or more, each of another name.</param>
internal sealed record SummedObjective(IReadOnlyList<WeightedObjective> Terms) : PretrainingObjective("sum", readsReports: true)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Terms.Count < 2) faults.Add($"objective is a list of {Terms.Count} (expected two or more, or an object)");
        faults.AddRange(Terms.GroupBy(t => t.Objective.Name).Where(g => g.Count() > 1).Select(g => $"objective names {g.Key} twice (expected once)"));
        foreach (var term in Terms)
        {
            if (!(term.Weight >= 0 && double.IsFinite(term.Weight)))
                faults.Add($"objective's weight of {term.Objective.Name} is {term.Weight} (expected 0 or more)");
            if (!term.Objective.ReadsReports)
                faults.Add($"objective {term.Objective.Name} is a term of a sum (expected objectives that read reports: captioning, ...)");
            if (term.Objective is ContrastiveObjective { Pairs: PairScope.Batch })
                faults.Add("objective.pairs is batch in a sum (expected part: a sum learns part by part)");
            faults.AddRange(term.Objective.Faults());
        }
        if (Terms.Count > 0 && Terms.All(t => t.Weight == 0)) faults.Add("objective has weights of 0 alone (expected one above 0)");
        return faults;
    }

    /// <inheritdoc/>
    public override PretrainingObjective For(PreparedDataset dataset) =>
        new SummedObjective([.. Terms.Select(t => t with { Objective = t.Objective.For(dataset) })]);

    /// <inheritdoc/>
    public override PretrainingTask Create(PretrainingInputs inputs)
    {
        var made = new List<PretrainingTask>();
        SharedParts? shared = null;
        foreach (var term in Terms)
        {
            var task = term.Objective.Create(inputs with { Shared = shared });
            made.Add(task);
            if (task.Task is not IEncodedTask encoded)
                throw new UserErrorException(
                    $"The objective {term.Objective.Name} cannot be a term of a sum. Expected captioning, contrastive or masked-words.");
            shared ??= encoded.Shared;
        }
        var names = string.Join(" + ", Terms.Select(t => FormattableString.Invariant($"{t.Weight:0.###} {t.Objective.Name}")));
        return new(
            new SummedTask(inputs, [.. Terms.Zip(made, (term, task) => (term, (IEncodedTask)task.Task))]), made[0].Encoder,
            $"pretrained by RadTex, preset {inputs.Configuration.Preset}, objective {names}")
        {
            Radiographs = made[0].Radiographs,
            // The first objective's model where a run has its model, the others' beside it: each is whole.
            WriteModel = (folder, card) =>
            {
                foreach (var (term, task) in Terms.Zip(made).Skip(1)) task.WriteModel?.Invoke($"{folder}-{term.Objective.Name}", card);
                return made[0].WriteModel!(folder, card);
            },
        };
    }

    public bool Equals(SummedObjective? other) => other is not null && Terms.SequenceEqual(other.Terms);

    public override int GetHashCode() => Terms.Count;
}
