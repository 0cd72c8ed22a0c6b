#:project ../src/RadTex/RadTex.csproj

// What to label next, over several datasets: comparisons of `radtex simulate`, each a folder, as one page. A case is a finding of a dataset.
//   dotnet run -c Release bench/policies.cs -- 'GROUP: NAME=FOLDER'... > docs/results/policies.md
//   dotnet run -c Release bench/policies.cs -- --beside FOLDER OTHER    the same policies in two folders, replay by replay: FOLDER less OTHER
// The default of the studio is what PolicyStudy.Default says of all cases together. Datasets of one GROUP are drawn or taken alike; where a group has
// three or more, gains are also given over its datasets, which share fewer radiographs than findings do.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RadTex.Metrics.Intervals;
using RadTex.Selection;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var format = new JsonSerializerOptions(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
if (args is ["--beside", var changed, var before])
{
    var left = new Dataset("", "", changed).Finished(format).ToLookup(f => (f.Result.Policy, f.Case));
    var right = new Dataset("", "", before).Finished(format).ToDictionary(f => (f.Result.Policy, f.Case, f.Result.Seed), f => f.Result.AreaUnderCurve);
    Console.WriteLine("| policy | case | difference of the area [95%] |");
    Console.WriteLine("| --- | --- | --- |");
    foreach (var of in left.Where(g => g.Key.Policy != PolicyStudy.Random))
    {
        double[] pairs = [.. of.Select(f => f.Result.AreaUnderCurve - right[(f.Result.Policy, f.Case, f.Result.Seed)])];
        Console.WriteLine($"| {of.Key.Policy} | {of.Key.Case[2..]} | {Text(TrialMean.Compare(pairs, 0).Difference)} |");
    }
    return;
}
var datasets = args.Select(Dataset.Parse).ToArray();
var all = datasets.SelectMany(d => d.Finished(format)).ToArray();
int seeds = all.Select(f => f.Result.Seed).Distinct().Count();
int[] sizes = [.. all[0].Result.Points.Select(p => p.Labels)];
var rows = PolicyStudy.Rows(all);
var chosen = PolicyStudy.Default(rows);
PolicyRow[] over = [.. rows.Where(r => r.Case == PolicyStudy.AllCases).OrderBy(r => r.Gain?.Difference.Estimate ?? 0)];
PolicyRow[] lost = [.. rows.Where(r => r is { IsDeclared: true, Gain.Difference.Estimate: < 0 } && r.Case != PolicyStudy.AllCases)];
PolicyRow[] won = [.. rows.Where(r => r is { IsDeclared: true, Gain.Difference.Estimate: > 0 } && r.Case != PolicyStudy.AllCases)];

Console.WriteLine(
    $"{rows.Count(r => r.Policy == PolicyStudy.Random) - 1} cases, {seeds} replays of each policy and case, AUC measured at "
        + $"{string.Join(", ", sizes)} labels.");
Console.WriteLine();
Console.WriteLine($"**{PolicyStudyPage.Verdict(rows, all.Select(f => f.Case).Distinct().Count())}.** Default by the rule: `{chosen}`.");
Console.WriteLine();
Console.WriteLine("## Over all cases");
Console.WriteLine("Losses first. *Gain*: mean AUC from the first to the last number of labels less random order's, replay by replay; 95% interval");
Console.WriteLine("over cases; p after Holm's correction over the policies.");
Console.WriteLine();
var groups = datasets.GroupBy(d => d.Group).Where(g => g.Count() >= TrialMean.FewestTrials).ToArray();
var ofGroups = string.Concat(groups.Select(g => $" {g.Key}: gain over its {g.Count()} datasets [95%] |"));
Console.WriteLine($"| policy | area | gain over random [95%] | corrected p | declared |{ofGroups} cases it is declared worse in | better in |");
Console.WriteLine($"| --- | --- | --- | --- | --- |{string.Concat(groups.Select(_ => " --- |"))} --- | --- |");
foreach (var row in over)
{
    var inGroups = groups.Select(g =>
        row.Policy == PolicyStudy.Random ? "–" : Text(TrialMean.Compare([.. g.Select(d => Gain(d, row.Policy))], 0).Difference));
    Console.WriteLine($"| {string.Join(" | ", [.. PolicyStudyPage.Cells(row), .. inGroups, Count(lost, row), Count(won, row)])} |");
}
foreach (var dataset in datasets)
{
    Console.WriteLine();
    Console.WriteLine($"## {dataset.Group}, {dataset.Name}");
    var own = rows.Where(r => r.Case.StartsWith(dataset.Prefix, StringComparison.Ordinal)).ToArray();
    string[] cases = [.. own.Select(r => r.Case).Distinct()];
    Console.WriteLine($"Gain over random order; * declared within its case, corrected over the policies. Interval over {seeds} replays of this pool");
    Console.WriteLine("and these test radiographs.");
    Console.WriteLine();
    Console.WriteLine($"| policy |{string.Concat(cases.Select(c => $" {c[dataset.Prefix.Length..]} |"))}");
    Console.WriteLine($"| --- |{string.Concat(cases.Select(_ => " --- |"))}");
    foreach (var policy in over.Select(r => r.Policy))
        Console.WriteLine($"| {policy} |{string.Concat(cases.Select(c => $" {Cell(own.Single(r => r.Policy == policy && r.Case == c))} |"))}");
}

string Cell(PolicyRow row) => row.Gain is not { Difference: var d } ? $"area {row.Area:F3}" : Text(d) + (row.IsDeclared ? " *" : "");
string Count(PolicyRow[] of, PolicyRow row) => row.Policy == PolicyStudy.Random ? "–" : $"{of.Count(r => r.Policy == row.Policy)}";
string Text(Interval d) => $"{d.Estimate:+0.000;-0.000;0.000} [{d.Lower:+0.000;-0.000;0.000}, {d.Upper:+0.000;-0.000;0.000}]";
double Gain(Dataset of, string policy) =>
    rows.Where(r => r.Policy == policy && r.Case.StartsWith(of.Prefix, StringComparison.Ordinal)).Average(r => r.Gain!.Value.Difference.Estimate);

internal sealed record Dataset(string Group, string Name, string Folder)
{
    internal string Prefix => $"{Name}: ";

    internal static Dataset Parse(string text) =>
        text.Split([": ", "="], 3, StringSplitOptions.None) is [var group, var name, var folder]
            ? new(group, name, folder)
            : throw new ArgumentException($"'{text}': expected 'GROUP: NAME=FOLDER'.");

    internal IEnumerable<PolicyStudy.Finished> Finished(JsonSerializerOptions format) => File.ReadLines(Path.Combine(Folder, "replays.jsonl")).Skip(1)
        .Select(line => JsonSerializer.Deserialize<PolicyStudy.Finished>(line, format)!).Select(f => f with { Case = Prefix + f.Case })
        .OrderBy(f => f.Case, StringComparer.Ordinal).ThenBy(f => f.Result.Policy, StringComparer.Ordinal).ThenBy(f => f.Result.Seed);
}
