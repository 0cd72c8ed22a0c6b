using System.Diagnostics;
using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Learning.Training;
using RadTex.Reporting;
using RadTex.Studies;

namespace RadTex.Experiments;

/// <summary>
/// The paper's idea shown to a newcomer on synthetic radiographs, no patient data needed: phantoms are drawn and prepared, an encoder is
/// pretrained on their reports, and heads trained on few labels are compared with those on an encoder that learnt the same radiographs' labels
/// and with networks that start from random weights. Leaves <c>report.html</c>, <c>results.json</c> and the curve over labels as
/// <c>curve.svg</c> and <c>curve.png</c>. Every step resumes: the same call goes on where an interrupted one stopped.
/// </summary>
/// <param name="Folder">Where everything goes.</param>
/// <param name="Settings">What to run.</param>
/// <param name="NextSteps">How a reader of the page does the same on radiographs of his own, such as commands; null for no word of it.</param>
public sealed record Quickstart(string Folder, QuickstartSettings Settings, string? NextSteps = null)
{
    /// <summary>Pretrained on reports, frozen: L2 logistic regression on its features.</summary>
    public const string Pretrained = "RadTex, frozen";

    /// <summary>The same encoder under the paper's linear layer (section 3.2).</summary>
    public const string PretrainedPaperHead = "RadTex, frozen, paper's head";

    /// <summary>Pretrained on the labels of the same radiographs, frozen: L2 logistic regression on its features.</summary>
    public const string Supervised = "supervised pretraining, frozen";

    /// <summary>That encoder under the paper's linear layer.</summary>
    public const string SupervisedPaperHead = "supervised pretraining, frozen, paper's head";

    /// <summary>Random weights, with norms' statistics of training radiographs, frozen: L2 logistic regression on its features.</summary>
    public const string RandomFrozen = "random weights, frozen";

    /// <summary>The same network from random weights, trained whole as the paper trains it (section 3.2).</summary>
    public const string Random = "random initialisation";

    /// <summary>The same, optimiser and rate chosen on validation data for each finding.</summary>
    public const string RandomChosen = "random initialisation, recipe chosen";

    /// <summary>No picture: L2 logistic regression on the radiograph's view, AP or PA.</summary>
    public const string ViewOnly = "view only";

    private const int ShownRadiographs = 6;

    // Like heads with like heads; whole networks with the logistic head, the practical one.
    private static readonly (string First, string Second)[] Compared =
    [
        (Pretrained, Supervised), (PretrainedPaperHead, SupervisedPaperHead), (Pretrained, RandomFrozen), (Pretrained, Random),
        (Pretrained, RandomChosen), (Pretrained, ViewOnly),
    ];

    /// <summary>Where everything goes.</summary>
    public QuickstartLayout Layout => new(Folder);

    /// <summary>Runs every step that is not done yet.</summary>
    /// <param name="log">Told in lines what is done and found.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="cancellation">Stops where the next call can go on.</param>
    /// <exception cref="UserErrorException">The folder holds something else, or cannot be written.</exception>
    public QuickstartResult Run(Action<string> log, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        Settings.Validated();
        using var claim = OutputFolder.Open(Folder, FolderKind.Quickstart);
        var context = new QuickstartContext(Settings, Layout, log, progress, cancellation);
        var (reading, labelled) = new QuickstartData(context).Make();
        using (labelled)
        {
            var configuration = context.Configuration;
            // One thread: two gain nothing at this size, and lose much beside a busy process.
            var pretraining = context.Run("pretraining on reports", p => PretrainingProgram.Run(
                new(reading, Layout.Run, configuration, Threads: 1), log, p, cancellation));
            // The same radiographs, epochs, batches, views and optimiser: only what is learnt differs.
            var labels = configuration with { Objective = new LabelsObjective(QuickstartSettings.SupervisedLabels) };
            var supervised = context.Run("pretraining on labels", p => PretrainingProgram.Run(
                new(reading, Layout.SupervisedRun, labels, Threads: 1), log, p, cancellation));
            var (initialisations, choices) = new QuickstartTransfers(context, labelled).Run(pretraining.EncoderFolder, supervised.EncoderFolder);
            var reports = context.Run("reading", _ => Read(labelled, cancellation));
            using var self = Process.GetCurrentProcess();
            var result = new QuickstartResult(
                Settings, pretraining, initialisations, [.. Comparisons(initialisations)], choices, context.Stages.Times, self.PeakWorkingSet64,
                RunEnvironment.Now("cpu", pretraining.Steps))
            {
                Supervised = supervised,
            };
            Write(result, context, reports);
            return result;
        }
    }

    private static IEnumerable<InitialisationComparison> Comparisons(IReadOnlyList<InitialisationResult> initialisations)
    {
        InitialisationResult? Find(string name) => initialisations.FirstOrDefault(i => i.Name == name);
        return from pair in Compared
               let second = Find(pair.Second)
               where second is not null
               from n in QuickstartSettings.FrozenExamples.OfType<int>()
               let comparison = InitialisationComparison.Of(Find(pair.First)!, second, n)
               where comparison is not null
               select comparison;
    }

    /// <summary>What the model says of the first test radiographs, not picked by how well they are read.</summary>
    private ReadReport[] Read(PreparedDataset labelled, CancellationToken cancellation)
    {
        using var reader = RadiographReader.Open(Layout.Run);
        var images = ReadingInputs.Of(reader.Card).OfSplit(labelled, Split.Test, ShownRadiographs, withText: true);
        return [.. reader.Read(images, new BeamSearch(), cancellation: cancellation)];
    }

    private void Write(QuickstartResult result, QuickstartContext context, IReadOnlyList<ReadReport> reports)
    {
        JsonFile.Write(Layout.Results, result);
        QuickstartPage.Make(result, context.Configuration, TrainingLog.Read(RunFolder.LogPath(Layout.Run)), reports, NextSteps)
            .Save(Layout.Report);
        if (ChartFile.Save(QuickstartPage.CurveOf(result), Layout.Curve, QuickstartPage.CurveTitle(result)) is { } reason)
            context.Log($"{Layout.Curve}.svg was written without a PNG: {reason}");
    }
}
