namespace RadTex.Experiments.Reproduction;

/// <summary>
/// Rates that were measured, each with where. Other networks are scaled from the nearest by multiply-adds. Two processor cores each time; no GPU was
/// measured.
/// </summary>
public static class WorkRates
{
    private const string PhantomRun = "docs/results/reproduction-phantom/log-2026-11-24.txt, two cores, other work beside it",
        Profile = "docs/performance.md, two cores, batch 16, bfloat16";

    private static readonly NetworkSize Small = new("resnet18", 16, 96), Paper = new("resnet50", 64, 256);

    /// <summary>All that was measured.</summary>
    public static IReadOnlyList<WorkRate> Measured { get; } =
    [
        new(WorkKind.Drawing, null, 112, PhantomRun),               // 9,200 drawn, 12,200 prepared in 82.3 s
        new(WorkKind.Captioning, Small, 228, PhantomRun),
            // 374,292 both ways and 134,880 forwards in 2,060 s, forwards taken as 1.4 times as fast
        new(WorkKind.CaptioningForward, Small, 319, PhantomRun),    // the same
        new(WorkKind.Labels, Small, 943, PhantomRun),               // 134,880 in 143 s
        new(WorkKind.FineTuning, Small, 1_804, PhantomRun),         // 786,600 in 436 s, two networks side by side
        new(WorkKind.Encoding, Small, 3_550, PhantomRun),           // 2,844 in 0.8 s
        new(WorkKind.Heads, null, 12, PhantomRun),                  // 66 heads in 5.6 s
        // 30 texts more of 190 radiographs took 2.0 s more of one processor
        new(WorkKind.Asking, Small, 2_850, "captioning's likelihood of texts, 128 wide, processor time of one thread, 2026-11-28"),
        new(WorkKind.Statistics, null, 100e6, PhantomRun),          // some 850 million scores in 7.6 s
        new(WorkKind.Captioning, Paper, 4.4, Profile),
        new(WorkKind.CaptioningForward, Paper, 5.4, Profile),
            // less one decoder and half of the output layer: 3,183 - 289 - 399 ms a batch, rounded down
        new(WorkKind.Labels, Paper, 9.4, Profile),                  // the encoder's 1,697 ms forward and backward
        new(WorkKind.FineTuning, Paper, 9.4, Profile),
        new(WorkKind.Encoding, Paper, 30, Profile),                 // the encoder's 532 ms forward
    ];

    /// <summary>The rate of a kind of work, scaled where that network was not measured.</summary>
    internal static (double PerSecond, string Where) Of(WorkKind work, NetworkSize? network)
    {
        if (work == WorkKind.OtherObjective)
        {
            var (rate, where) = Of(WorkKind.Captioning, network);
            return (rate, $"{where}; captioning's, since none was measured of this objective");
        }
        var known = Measured.Where(r => r.Work == work).ToList();
        if (known.FirstOrDefault(r => network is null || r.Network is null || r.Network == network) is { } measured) return (measured.PerSecond,
            measured.Where);
        var nearest = known.MinBy(r => Math.Abs(Math.Log(r.Network!.Work / network!.Work)))!;
        return (nearest.PerSecond * nearest.Network!.Work / network!.Work, $"{nearest.Where}; scaled from {nearest.Network}");
    }
}
