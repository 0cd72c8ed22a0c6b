using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Studies;

namespace RadTex.Experiments;

/// <summary>
/// The paper's idea shown to a newcomer on synthetic radiographs, no patient data needed: phantoms are drawn and prepared, an encoder is
/// pretrained on their reports, and heads trained on few labels are compared with those on an encoder that learnt the same radiographs' labels
/// and with networks that start from random weights. Leaves <c>report.html</c>, <c>results.json</c> and the curve over labels as
/// <c>curve.svg</c> and <c>curve.png</c>; the page is there from the first figures on. Every step resumes: the same call goes on where an
/// interrupted one stopped.
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

    private const int ShownRadiographs = 6, StageCount = 12;

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
        // Each program computes on one thread, as many side by side as there are processors: the same digits on any number of them.
        using var torch = new TorchSettings(threads: 1, tf32: null);
        using var processors = new SharedProcessors(Math.Max(1, Environment.ProcessorCount));
        var context = new QuickstartContext(Settings, Layout, log, new(progress, StageCount), processors, cancellation);
        var (reading, labelled) = new QuickstartData(context).Make();
        using (labelled)
        {
            var findings = new QuickstartFindings(context, NextSteps);
            context.RunBoth(
                own => LearnFromReports(own, findings, reading, labelled),
                own => LearnOtherwise(own, findings, reading, labelled));
            return findings.Finish();
        }
    }

    /// <summary>The longer half: what the paper is about.</summary>
    private void LearnFromReports(QuickstartContext context, QuickstartFindings findings, string reading, PreparedDataset labelled)
    {
        var pretraining = context.Run("pretraining on reports", progress => PretrainingProgram.Run(
            new(reading, Layout.Run, context.Configuration, Threads: 1), context.Log, progress, context.Cancellation));
        findings.Pretrained(pretraining, context.Run("reading", _ => Read(labelled, context.Cancellation)));
        new QuickstartTransfers(context, findings, labelled).OfReports(pretraining.EncoderFolder);
    }

    /// <summary>What it is compared with. What is soonest known comes first, and the many networks, which any free processor trains, last.</summary>
    private void LearnOtherwise(QuickstartContext context, QuickstartFindings findings, string reading, PreparedDataset labelled)
    {
        var transfers = new QuickstartTransfers(context, findings, labelled);
        transfers.OfRandomWeights();
        // The same radiographs, epochs, batches, views and optimiser: only what is learnt differs.
        var labels = context.Configuration with { Objective = new LabelsObjective(QuickstartSettings.SupervisedLabels) };
        var supervised = context.Run("pretraining on labels", progress => PretrainingProgram.Run(
            new(reading, Layout.SupervisedRun, labels, Threads: 1), context.Log, progress, context.Cancellation));
        findings.Supervised(supervised);
        transfers.OfLabels(supervised.EncoderFolder);
        transfers.RandomByThePaper();
        transfers.RandomChosen();
    }

    /// <summary>What the model says of the first test radiographs, not picked by how well they are read.</summary>
    private ReadReport[] Read(PreparedDataset labelled, CancellationToken cancellation)
    {
        using var reader = RadiographReader.Open(Layout.Run);
        var images = ReadingInputs.Of(reader.Card).OfSplit(labelled, Split.Test, ShownRadiographs, withText: true);
        return [.. reader.Read(images, new BeamSearch(), cancellation: cancellation)];
    }
}
