using System.Diagnostics;
using RadTex.Files;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Reporting;

namespace RadTex.Experiments;

/// <summary>What a quickstart has found so far. The page is written anew with each finding, so that it can be read long before all is done.</summary>
/// <param name="context">What the stages share.</param>
/// <param name="nextSteps">How a reader does the same on radiographs of his own; null for no word of it.</param>
internal sealed class QuickstartFindings(QuickstartContext context, string? nextSteps)
{
    // Like heads with like heads; whole networks with the logistic head, the practical one.
    private static readonly (string First, string Second)[] Compared =
    [
        (Quickstart.Pretrained, Quickstart.Supervised), (Quickstart.PretrainedPaperHead, Quickstart.SupervisedPaperHead),
        (Quickstart.Pretrained, Quickstart.RandomFrozen), (Quickstart.Pretrained, Quickstart.Random),
        (Quickstart.Pretrained, Quickstart.RandomChosen), (Quickstart.Pretrained, Quickstart.ViewOnly),
    ];

    // As tables and curves show them, whichever is known first.
    private static readonly string[] Order =
    [
        Quickstart.Pretrained, Quickstart.PretrainedPaperHead, Quickstart.Supervised, Quickstart.SupervisedPaperHead, Quickstart.RandomFrozen,
        Quickstart.Random, Quickstart.RandomChosen, Quickstart.ViewOnly,
    ];

    private readonly Lock gate = new();
    private readonly List<InitialisationResult> initialisations = [];
    private PretrainingResult? pretraining, supervised;
    private IReadOnlyList<RecipeChoice> choices = [];
    private IReadOnlyList<ReadReport> reports = [];
    private bool isTold;

    /// <summary>Keeps what the pretraining on reports came to, and what its model writes.</summary>
    internal void Pretrained(PretrainingResult result, IReadOnlyList<ReadReport> written) => Keep(() => (pretraining, reports) = (result, written));

    /// <summary>Keeps what the pretraining on labels came to.</summary>
    internal void Supervised(PretrainingResult result) => Keep(() => supervised = result);

    /// <summary>Keeps figures; a name that has some already keeps them.</summary>
    internal void Add(params IEnumerable<InitialisationResult> found) =>
        Keep(() => initialisations.AddRange(found.Where(f => initialisations.TrueForAll(i => i.Name != f.Name))));

    /// <summary>Keeps which recipes validation data chose.</summary>
    internal void Chosen(IReadOnlyList<RecipeChoice> found) => Keep(() => choices = found);

    /// <summary>Writes all files.</summary>
    internal QuickstartResult Finish()
    {
        var result = Result();
        JsonFile.Write(context.Layout.Results, result);
        Page(result, isFinished: true).Save(context.Layout.Report);
        if (ChartFile.Save(QuickstartPage.CurveOf(result), context.Layout.Curve, QuickstartPage.CurveTitle(result)) is { } reason)
            context.Log($"{context.Layout.Curve}.svg was written without a PNG: {reason}");
        return result;
    }

    private void Keep(Action keep)
    {
        lock (gate)
        {
            keep();
            if (initialisations.Count == 0) return; // nothing to show
            Page(Result(), isFinished: false).Save(context.Layout.Report);
            if (!isTold) context.Log($"What is known so far, written anew as more is found: {Path.GetFullPath(context.Layout.Report)}");
            isTold = true;
        }
    }

    // The log is read once nobody writes it any more: not every system lets a file be read meanwhile.
    private HtmlReport Page(QuickstartResult result, bool isFinished) => QuickstartPage.Make(
        result, context.Configuration, result.Pretraining is null ? [] : TrainingLog.Read(RunFolder.LogPath(context.Layout.Run)), reports,
        isFinished, nextSteps);

    private QuickstartResult Result()
    {
        InitialisationResult[] ordered = [.. initialisations.OrderBy(i => Array.IndexOf(Order, i.Name))];
        using var self = Process.GetCurrentProcess();
        return new(
            context.Settings, pretraining, ordered, [.. Comparisons(ordered)], choices, context.Stages.Times, self.PeakWorkingSet64,
            RunEnvironment.Now("cpu", pretraining?.Steps ?? 0))
        {
            Supervised = supervised,
            Seconds = context.Stages.ElapsedSeconds,
        };
    }

    private static IEnumerable<InitialisationComparison> Comparisons(InitialisationResult[] initialisations)
    {
        InitialisationResult? Find(string name) => initialisations.FirstOrDefault(i => i.Name == name);
        return from pair in Compared
               let first = Find(pair.First)
               let second = Find(pair.Second)
               where first is not null && second is not null
               from n in QuickstartSettings.FrozenExamples.OfType<int>()
               let comparison = InitialisationComparison.Of(first, second, n)
               where comparison is not null
               select comparison;
    }
}
