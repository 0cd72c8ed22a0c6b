using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using RadTex.Experiments.Sweeps;
using RadTex.Files;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// Reads a reproduction's configuration: JSON with comments, then single values <c>a.b.c=value</c>. <c>${NAME:-else}</c> in a text is the
/// environment's NAME, or what follows where it is not set. Unknown keys are errors.
/// </summary>
public static partial class ReproductionReader
{
    private static readonly JsonSerializerOptions Format = new()
    {
        AllowDuplicateProperties = false,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>The configuration of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="assignments">Values such as "sweep.trials=2"; members of lists by number.</param>
    /// <exception cref="UserErrorException">Anything is wrong.</exception>
    public static ReproductionConfiguration Read(string file, IReadOnlyList<string>? assignments = null)
    {
        var tree = SettingsFile.Read(file, "one such as configs/reproduce/phantom.json") ?? new JsonObject();
        foreach (var assignment in assignments ?? []) Assign(tree, assignment);
        var faults = new List<string>();
        var expanded = Expand(tree)!;
        SettingsTree.Find(expanded, typeof(ReproductionConfiguration), "", faults);
        var configuration = faults.Count == 0 ? expanded.Deserialize<ReproductionConfiguration>(Format)! : null;
        if (configuration is not null) faults.AddRange(Faults(configuration));
        return faults.Count == 0 ? WithBatches(configuration!) : throw SettingsFile.Refusal(file, faults);
    }

    /// <summary>A fine-tuned row's further batches are rows of their own: one network cannot be trained in two batches at once, as heads on features
    /// can.</summary>
    private static ReproductionConfiguration WithBatches(ReproductionConfiguration configuration) => configuration with
    {
        Initialisations =
        [
            .. configuration.Initialisations.SelectMany(row => row.Mode != RowMode.FineTune || row.Batches is not { } batches ? [row]
                : batches.Where(b => b != row.Batch).Select(b => row with { Name = $"{row.Name}, batch {b}", Batch = b, Batches = null,
                    Role = RowRole.Ablation, PaperRow = null })
                    .Prepend(row with { Batches = null })),
        ],
    };

    /// <summary>The configuration as resolved, to be kept beside its results.</summary>
    public static string Write(ReproductionConfiguration configuration) => JsonSerializer.Serialize(configuration, Format) + "\n";

    /// <summary>Numbers of labels; "all" is null.</summary>
    internal static IReadOnlyList<int?> Sizes(IReadOnlyList<JsonElement> sizes) =>
    [
        .. sizes.Select(s => s.ValueKind == JsonValueKind.Number && s.TryGetInt32(out int n) && n >= 2 ? (int?)n
            : s.ValueKind == JsonValueKind.String && s.GetString() == "all" ? null
            : throw new UserErrorException($"examples: {s} (expected numbers of 2 or more, or \"all\").")),
    ];

    /// <summary>An optimiser and rate such as "adamw:0.001".</summary>
    public static PaperRecipe Candidate(string text, PaperRecipe recipe) =>
        RecipeCandidate.Parse("candidates", text).Of(recipe);

    private static List<string> Faults(ReproductionConfiguration c)
    {
        var faults = new List<string>();
        void Require(bool good, string fault)
        {
            if (!good) faults.Add(fault);
        }
        void Read(string name, Action read)
        {
            try { read(); }
            catch (UserErrorException e) { faults.Add($"{name}: {e.Message.TrimEnd('.')}"); }
        }
        Read("sweep", () => Sizes(c.Sweep.Examples));
        Require(c.Protocols.Count > 0, "protocols is empty");
        Require(c.Initialisations.Count > 0, "initialisations is empty");
        foreach (var (name, p) in c.Protocols)
        {
            Require(
                c.Datasets.ContainsKey(p.Dataset),
                $"protocols.{name}.dataset is '{p.Dataset}' (expected one of {string.Join(", ", c.Datasets.Keys)})");
            Require(p.Protocol is not null || p.Labels is { Count: > 0 }, $"protocols.{name} has neither protocol nor labels");
            // A known task's name is its own: some of its labels, or others, are another task.
            if (Protocol.Known.FirstOrDefault(k => k.Name == name) is { } known)
                Require(
                    p.Protocol == name && (p.Labels is null || p.Labels.Count == known.Labels.Count),
                    $"protocols.{name} is named as the known protocol of {known.Labels.Count} labels and is not that (expected "
                        + $"\"protocol\": \"{name}\" with all its labels, or another name)");
        }
        foreach (var (name, p) in c.Pretrainings)
        {
            Require(
                p.Dataset == "protocol" || c.Datasets.ContainsKey(p.Dataset),
                $"pretrainings.{name}.dataset is '{p.Dataset}' (expected protocol, {string.Join(", ", c.Datasets.Keys)})");
        }
        foreach (var (name, p) in c.Pretrainings.Where(p => p.Value.Updates == PartUpdates.AsSlowest))
            Require(
                p.StepSeconds is not null,
                $"pretrainings.{name}.step_seconds is missing (expected the seconds of an update, for updates as-slowest)");
        foreach (var i in c.Initialisations)
        {
            if (i.Examples is { } sizes) Read(i.Name, () => Sizes(sizes));
            foreach (var candidate in i.Candidates ?? []) Read(i.Name, () => Candidate(candidate, PaperRecipe.FineTuning));
            Require(i.Role != RowRole.View, $"{i.Name}: role is 'view', which every sweep adds by itself (expected another)");
            Require(
                i.PaperRow is null || PaperFigures.Rows.ContainsKey(i.PaperRow),
                $"{i.Name}: paper_row is '{i.PaperRow}' (expected one of {string.Join(", ", PaperFigures.Rows.Keys)})");
            Require(
                i.Pretraining is null || c.Pretrainings.ContainsKey(i.Pretraining),
                $"{i.Name}: pretraining is '{i.Pretraining}' (expected one of {string.Join(", ", c.Pretrainings.Keys)})");
            Require(i.Encoder is null || i.Pretraining is null, $"{i.Name} names both encoder and pretraining");
            Require(
                i.Protocols?.All(c.Protocols.ContainsKey) ?? true,
                $"{i.Name}: a protocol of its own is not among {string.Join(", ", c.Protocols.Keys)}");
        }
        Require(c.Initialisations.DistinctBy(i => i.Name).Count() == c.Initialisations.Count, "two initialisations have one name");
        foreach (var (name, stage) in c.Stages ?? new Dictionary<string, StageSettings>())
        {
            Require(stage.Protocols?.All(c.Protocols.ContainsKey) ?? true,
                $"stages.{name}.protocols: expected some of {string.Join(", ", c.Protocols.Keys)}");
            if (stage.Examples is { } few)
                Read($"stages.{name}", () => Require(Sizes(few).Min() == c.Initialisations.SelectMany(i =>
                    Sizes(i.Examples ?? c.Sweep.Examples)).Min(),
                    $"stages.{name}.examples lacks the smallest number of labels, on which all draws depend"));
            foreach (var row in stage.Initialisations ?? [])
                Require(c.Initialisations.Any(i => i.Name == row), $"stages.{name}.initialisations: '{row}' is no initialisation");
        }
        Require(
            c.Compute.Precision is Precision.Auto or Precision.Bf16 or Precision.Fp32,
            $"compute.precision is '{c.Compute.Precision.Name()}' (expected auto, bf16 or fp32)");
        return faults;
    }

    private static void Assign(JsonNode tree, string assignment)
    {
        if (assignment.IndexOf('=', StringComparison.Ordinal) is not (> 0 and int at))
            throw new UserErrorException($"'{assignment}' (expected path.of.keys=value).");
        var keys = assignment[..at].Trim().Split('.');
        JsonNode node = tree;
        foreach (var key in keys[..^1])
            node = (
                node is JsonArray array && int
                    .TryParse(key, out int i) && i >= 0 && i < array.Count ? array[i] : node is JsonObject o ? o[key] ??= new JsonObject() : null)
                ?? throw new UserErrorException($"'{assignment}': there is no '{key}'.");
        var value = Parse(assignment[(at + 1)..].Trim());
        if (node is JsonArray list && int.TryParse(keys[^1], out int index) && index >= 0 && index < list.Count) list[index] = value;
        else if (node is JsonObject members) members[keys[^1]] = value;
        else throw new UserErrorException($"'{assignment}': there is no '{keys[^1]}'.");
    }

    private static JsonNode? Parse(string text)
    {
        try { return JsonNode.Parse(text); }
        catch (JsonException) { return JsonValue.Create(text); }
    }

    private static JsonNode? Expand(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Expand(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Expand)]),
        JsonValue v when v.TryGetValue(out string? text) =>
            JsonValue.Create(Variable().Replace(text, m => Environment.GetEnvironmentVariable(m.Groups[1].Value) ?? m.Groups[2].Value)),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")]
    private static partial Regex Variable();
}
