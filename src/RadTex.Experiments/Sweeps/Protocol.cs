using System.Text.Json;
using RadTex.Heads;

namespace RadTex.Experiments.Sweeps;

/// <summary>What is learnt downstream and how it is judged, as data: a name, its tasks and the rules in words.</summary>
/// <param name="Name">Such as "Pathology9".</param>
/// <param name="Version">Rises with anything that changes a figure.</param>
/// <param name="Figure">"tasks": yes/no labels, a mean over them; "grades": one label of several grades.</param>
/// <param name="Labels">The labels to learn.</param>
/// <param name="Rule">Which radiographs count, in words.</param>
/// <param name="Test">What is tested on, in words.</param>
/// <param name="Figures">What is reported, in words.</param>
/// <param name="TestLabels">Their names among the test radiographs, where they differ.</param>
/// <param name="Folds">Above 1: training and test are folds, by patient, of the radiographs that have the label.</param>
public sealed record Protocol(
    string Name, int Version, string Figure, IReadOnlyList<string> Labels, string Rule, string Test, string Figures,
    IReadOnlyList<string>? TestLabels = null, int Folds = 0)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        AllowDuplicateProperties = false,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Lazy<Protocol[]> Embedded = new(() =>
    {
        using var stream = typeof(Protocol).Assembly.GetManifestResourceStream("RadTex.Experiments.Sweeps.protocols.json")!;
        return JsonSerializer.Deserialize<Protocol[]>(stream, Format)!;
    });

    /// <summary>The name of a protocol of labels of one's own.</summary>
    public const string OwnLabels = "labels";

    /// <summary>The protocols that come with the program.</summary>
    public static IReadOnlyList<Protocol> Known => Embedded.Value;

    /// <summary>A label of grades is judged by ordinal AUC and macro F1, others by AUC and average precision.</summary>
    public bool IsGraded => Figure == "grades";

    /// <summary>The tasks, each a classifier of its own.</summary>
    public IReadOnlyList<TransferTask> Tasks => [.. Labels.Select((label, i) => TransferTask.Parse(label, TestLabels?[i]))];

    /// <summary>A known protocol by name, case aside.</summary>
    /// <exception cref="UserErrorException">There is none of that name.</exception>
    public static Protocol Find(string name) => Known.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UserErrorException(
            $"No protocol is called '{name}'. Expected {string.Join(", ", Known.Select(p => p.Name))}, or labels of your own.");

    /// <summary>A protocol of labels of one's own: any table.</summary>
    public static Protocol Of(string name, IReadOnlyList<string> labels) => new(
        name, 1, "tasks", labels, "each label on its own; only radiographs labelled 0 or 1 count, or whole grades", "the dataset's test split",
        "AUC and average precision, unweighted means over the labels, then over trials");

    /// <summary>The same with some of its labels.</summary>
    /// <exception cref="UserErrorException">It has no such label.</exception>
    public Protocol With(IReadOnlyList<string>? labels)
    {
        if (labels is null) return this;
        int[] places =
            [.. labels.Select(l => Labels.ToList().FindIndex(own => string.Equals(own, l, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? at
            : throw new UserErrorException($"Protocol {Name} has no label '{l}'. It has {string.Join(", ", Labels)}."))];
        return this with
        {
            Labels = [.. places.Select(p => Labels[p])],
            TestLabels = TestLabels is null ? null : [.. places.Select(p => TestLabels[p])],
        };
    }

    /// <summary>The protocol in words, for logs and pages.</summary>
    public IEnumerable<string> Lines()
    {
        var name = Name == OwnLabels ? "labels of one's own" : $"{Name}, version {Version}";
        yield return $"{name}: {string.Join(", ", Labels)}{(TestLabels is null ? "" : $"; tested on {string.Join(", ", TestLabels)}")}";
        yield return $"  labels: {Rule}";
        yield return $"  test: {Test}";
        yield return $"  figures: {Figures}";
    }
}
