using System.CommandLine;
using RadTex.Learning.Models.Decoding;

namespace RadTex.Cli.Commands;

/// <summary>The options of every command that generates reports.</summary>
internal sealed class DecodingOptions
{
    private const int LongestReport = 8192;

    private readonly Option<string> method = ChoiceOption.Of(
        "--decoding", "beam (the paper's), greedy, nucleus (sampling), or virtex-compat (VirTex's own search, quirks included).", "beam", "beam",
        "greedy", "nucleus", "virtex-compat");
    private readonly Option<int> beams = new("--beams")
    {
        Description = "Beams, and continuations of each.",
        HelpName = "N",
        DefaultValueFactory = _ => 2,
    };
    private readonly Option<double> lengthPower = new("--length-power")
    {
        Description = "Rank by log-probability over tokens to this power; 0 ranks by the sum.",
        HelpName = "P",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<int> blockedRun = new("--block-runs")
    {
        Description = "No run of so many tokens twice; 0 blocks none.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<int> maxSteps = new("--max-tokens")
    {
        Description = "The longest report, in tokens.",
        HelpName = "N",
        DefaultValueFactory = _ => 170,
    };
    private readonly Option<double> mass = new("--nucleus")
    {
        Description = "The probability that sampling draws from.",
        HelpName = "P",
        DefaultValueFactory = _ => 0.9,
    };
    private readonly Option<long> seed = new("--seed") { Description = "Of sampling.", HelpName = "N", DefaultValueFactory = _ => 0 };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { method, beams, lengthPower, blockedRun, maxSteps, mass, seed }) command.Options.Add(option);
    }

    internal IDecoding Read(ParseResult parsed)
    {
        int width = parsed.GetValue(beams), run = parsed.GetValue(blockedRun), steps = parsed.GetValue(maxSteps);
        double power = parsed.GetValue(lengthPower), share = parsed.GetValue(mass);
        if (width is < 1 or > 64) throw new UserErrorException($"--beams {width}: expected 1 to 64.");
        if (run is < 0 or > 64) throw new UserErrorException($"--block-runs {run}: expected 0 to 64.");
        if (steps is < 1 or > LongestReport) throw new UserErrorException($"--max-tokens {steps}: expected 1 to {LongestReport:N0}.");
        if (!(power >= 0 && power <= 4)) throw new UserErrorException($"--length-power {power}: expected 0 to 4.");
        if (!(share > 0 && share <= 1)) throw new UserErrorException($"--nucleus {share}: expected above 0 to 1.");
        return parsed.GetValue(method) switch
        {
            "greedy" => BeamSearch.Greedy with { MaxSteps = steps, BlockedRun = run },
            "nucleus" => new NucleusSampling(share, steps, parsed.GetValue(seed)),
            "virtex-compat" => BeamSearch.VirTexCompatible,
            _ => new BeamSearch(width, width, steps, power, run),
        };
    }
}
