using System.Text.RegularExpressions;
using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Learning.Tests.Transfer;

/// <summary>Journals of a version that knew fewer figures: what was trained stands, the figures are made anew.</summary>
[Collection(nameof(SerialTorch))]
public sealed partial class EarlierJournalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public EarlierJournalTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset"), 200));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_journal_without_the_auc_within_views_gets_it_from_what_was_trained(bool fineTunes)
    {
        var plan = TinyTransfer.Plan(TinyTransfer.Stripes, new(0.05, 1, BatchSize: 6), trials: 1, examples: [14]);
        TransferResult Run()
        {
            if (fineTunes)
                return FineTuning.Run(
                    TinyTransfer.Encoder, dataset, dataset, new(plan, folder.File("out"), Compute: new(Precision.Fp32), Keep: KeptNetworks.None));
            using var encoder = TinyTransfer.Encoder(0);
            return FrozenTransfer.Run(new(encoder, new(Precision.Fp32)), dataset, dataset, new(plan, folder.File("out")));
        }
        var first = Run();
        // One view alone: within it is over all.
        first.Trials.ShouldAllBe(t => t.Scores.AucWithinViews == t.Scores.Auc && t.Scores.WithinViewsReason == null);
        first.Cells().ShouldAllBe(c => c.AucWithinViews.Mean != null);
        var (journal, metrics) = (folder.File("out/journal.jsonl"), File.ReadAllBytes(folder.File("out/metrics.json")));
        var earlier = Scores().Replace(File.ReadAllText(journal), """ "scores":{"auc":0.1,"average_precision":0.1,"f1":0.1,"accuracy":0.1}""".Trim());
        earlier.ShouldContain("\"auc\":0.1,");
        File.WriteAllText(journal, earlier);

        Run().Trials.Select(t => t.Scores).ShouldBe(first.Trials.Select(t => t.Scores));
        File.ReadAllBytes(folder.File("out/metrics.json")).ShouldBe(metrics);
        File.ReadAllText(journal).ShouldBe(earlier); // nothing was trained again
    }

    [GeneratedRegex("\"scores\":\\{[^}]*\\}")]
    private static partial Regex Scores();
}
