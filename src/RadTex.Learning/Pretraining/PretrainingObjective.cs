using System.Text.Json.Serialization;
using RadTex.Data;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// What an encoder is pretrained for: section <c>objective</c> of a configuration, <c>{ "name": "captioning", "directions": "both" }</c>. An
/// objective is a record of its own keys, each with a default, and makes a task of them. <see cref="Objectives"/> has them by name.
/// </summary>
[JsonConverter(typeof(ObjectiveJson))]
public abstract record PretrainingObjective
{
    /// <summary>What a subclass begins with.</summary>
    /// <param name="name">As configurations spell it: small letters, digits, hyphens.</param>
    /// <param name="readsReports">Whether it learns from reports: only then is there a vocabulary, and section <c>text</c> counts.</param>
    protected PretrainingObjective(string name, bool readsReports = false) => (Name, ReadsReports) = (name, readsReports);

    /// <summary>As configurations spell it.</summary>
    [JsonPropertyOrder(-1)]
    public string Name { get; }

    /// <summary>Whether it learns from reports.</summary>
    [JsonIgnore]
    public bool ReadsReports { get; }

    /// <summary>Every value out of range, in words, such as "objective.angles is 1 (expected 2 or more)".</summary>
    public virtual IReadOnlyList<string> Faults() => [];

    /// <summary>This objective with what it leaves to the dataset filled in. The run's configuration records the result.</summary>
    /// <exception cref="UserErrorException">The dataset lacks what is to be learnt.</exception>
    public virtual PretrainingObjective For(PreparedDataset dataset) => this;

    /// <summary>Makes the task, its model with fresh weights that follow from the configuration's seed.</summary>
    /// <exception cref="UserErrorException">The dataset holds too little to learn from, or its radiographs are too small.</exception>
    public abstract PretrainingTask Create(PretrainingInputs inputs);
}
