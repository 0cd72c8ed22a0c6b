using System.CommandLine;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Cli;

/// <summary>How commands show what the gate refuses.</summary>
internal static class GateOutput
{
    private const int MostLines = 20;

    internal static Option<bool> JudgeAll() =>
        new("--judge-all") { Description = "Judge what the gate refuses too (lateral, inverted, no chest, ...); each such picture is marked." };

    /// <summary>A line a picture on standard error, the first twenty, and how many more.</summary>
    internal static void Tell(IReadOnlyList<(string Name, Refusal Refusal, bool Judged)> refused)
    {
        foreach (var (name, refusal, judged) in refused.Take(MostLines))
            Console.Error.WriteLine($"radtex: {name}: {(judged ? "judged all the same" : "not judged")}: {refusal.Reason}");
        if (refused.Count > MostLines) Console.Error.WriteLine($"radtex: and {refused.Count - MostLines:N0} more");
    }

    /// <summary>The line for pictures of which none is judged.</summary>
    internal static string NoneJudged(IReadOnlyList<(string Name, Refusal Refusal)> refused) =>
        $"None of the {refused.Count:N0} pictures is judged{Counts(refused.CountBy(r => r.Refusal.Rule).ToDictionary())}. "
        + $"The first, {refused[0].Name}: {refused[0].Refusal.Reason}. To judge them all the same, each marked, give --judge-all.";

    /// <summary>Such as " (3 lateral, 1 unlike)"; nothing where there is none.</summary>
    internal static string Counts(IReadOnlyDictionary<GateRule, int> refusals) =>
        refusals.Count == 0 ? "" : $" ({string.Join(", ", refusals.OrderBy(r => r.Key).Select(r => $"{r.Value:N0} {r.Key.Name()}"))})";
}
