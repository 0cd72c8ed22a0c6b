using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RadTex.Data;
using RadTex.Files;
using RadTex.Studies;

namespace RadTex.Preparing;

/// <summary>Turns a source into a prepared dataset: resumable after a kill, and under its final name only when it is whole.</summary>
public static partial class DatasetPreparation
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>Prepares <paramref name="source"/> into <see cref="PreparationOptions.Output"/>, going on where an interrupted run stopped.</summary>
    /// <exception cref="UserErrorException">The source cannot be read, nothing of it can be used, the output is taken, or the disk is
    /// full.</exception>
    /// <param name="source">What is prepared.</param>
    /// <param name="options">How.</param>
    /// <param name="logger">Told how the source was understood, line by line, before the work starts.</param>
    /// <param name="progress">Gets how far it is.</param>
    /// <param name="cancellation">Stops it; what was done is kept.</param>
    public static PreparationResult Run(
        StudySource source, PreparationOptions options, ILogger? logger = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        OutputFolder.Require(options.Output, FolderKind.Dataset);
        var plan = List(source, options, logger, progress, cancellation);
        if (PreparationOutput.FindExisting(plan) is { } existing) return new PreparationResult(existing, true, 0);
        if (PreparationWork.FindComplete(options.Output, plan.Inputs) is { } complete)
        {
            // killed between the last file and the final name
            PreparationOutput.Publish(PreparationWork.FolderOf(options.Output), options.Output);
            return new PreparationResult(complete, false, plan.Listing.Radiographs.Count);
        }
        using var earlier = options.Update && Path.Exists(options.Output)
            ? EarlierDataset.Open(options.Output, plan.Record, options.ShortSide) : null;
        using var work = PreparationWork.Open(options.Output, plan.Inputs, plan.Settings, plan.Listing.Radiographs.Count, options.Force);
        int resumed = work.Items.Count;
        try
        {
            var faults = ReadPictures(plan, work, earlier, progress, cancellation);
            RefuseUnusable(plan, work, faults);
            var manifest = Complete(plan, work, progress, cancellation);
            work.Clean();
            PreparationOutput.Publish(work.Folder, options.Output);
            return new PreparationResult(manifest, false, resumed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(options.Output, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Note}")]
    private static partial void LogNote(ILogger logger, string note);

    private static PreparationPlan List(
        StudySource source, PreparationOptions options, ILogger? logger, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        progress?.Report(new ProgressReport("listing", 0, 0, "radiographs"));
        var listing = source.List(options.Studies, cancellation);
        progress?.Report(new ProgressReport("listing", listing.Radiographs.Count, listing.Radiographs.Count, "radiographs"));
        var rule = options.CaptionRule(source);
        if (logger is not null)
            foreach (var note in PreparationPlan.Notes(listing, rule)) LogNote(logger, note);
        return PreparationPlan.Make(source, listing, options, rule, cancellation);
    }

    /// <summary>Reads what is not read yet into the work folder, until all is or too much of it is faulty.</summary>
    private static FaultShare ReadPictures(
        PreparationPlan plan, PreparationWork work, EarlierDataset? earlier, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var faults = new FaultShare(plan.Options, plan.Listing);
        foreach (var item in work.Items) faults.Count(item);
        if (faults.AreTooMany && work.Items.FindIndex(FaultShare.IsFault) is >= 0 and var firstFault)
        {
            // The last run failed for its faults, and they may be mended: all from the first on is read again.
            work.GoBackTo(firstFault);
            faults = new FaultShare(plan.Options, plan.Listing);
        }
        var preparer = new RadiographPreparer(plan.Listing, plan.Options.Studies, plan.Reader, plan.Rule, plan.RequireText, earlier);
        PrepareAll(plan, preparer, work, faults, progress, cancellation);
        return faults;
    }

    /// <summary>Batches are read in parallel and written in order, so the result does not depend on the number of workers.</summary>
    private static void PrepareAll(
        PreparationPlan plan, RadiographPreparer preparer, PreparationWork work, FaultShare faults, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var (radiographs, workers) = (plan.Listing.Radiographs, plan.Options.Workers);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers > 0 ? workers : Environment.ProcessorCount };
        int batch = 16 * parallel.MaxDegreeOfParallelism;
        var results = new (PreparedItem Item, byte[] Pixels)[batch];
        var lastFlush = Stopwatch.StartNew();
        progress?.Report(new ProgressReport("preparing", work.Items.Count, radiographs.Count, "radiographs"));
        while (work.Items.Count < radiographs.Count && !faults.AreTooMany)
        {
            int start = work.Items.Count, count = Math.Min(batch, radiographs.Count - start);
            Parallel.For(0, count, parallel, i =>
            {
                if (!cancellation.IsCancellationRequested) results[i] = preparer.Prepare(radiographs[start + i]);
            });
            if (cancellation.IsCancellationRequested)
            {
                work.Flush();
                cancellation.ThrowIfCancellationRequested();
            }
            for (int i = 0; i < count; i++)
            {
                work.Add(results[i].Item, results[i].Pixels);
                faults.Count(results[i].Item);
            }
            if (lastFlush.Elapsed > FlushInterval)
            {
                work.Flush();
                lastFlush.Restart();
            }
            progress?.Report(new ProgressReport("preparing", work.Items.Count, radiographs.Count, "radiographs"));
        }
        work.Flush();
    }

    /// <summary>Where nothing, or too little, can be used, the work stops with the reasons.</summary>
    private static void RefuseUnusable(PreparationPlan plan, PreparationWork work, FaultShare faults)
    {
        var rejects = AllRejects(plan.Listing, work.Items);
        if (work.Items.TrueForAll(i => i.Reason is not null))
        {
            var (reason, count) = work.Items.CountBy(i => i.Reason!).MaxBy(r => r.Value);
            var first = rejects.First(r => r.Reason == reason);
            work.Discard();
            throw new UserErrorException(
                $"{plan.Source.Root}: none of {work.Items.Count:N0} radiographs can be used; the commonest reason is {reason} ({count:N0}), "
                + $"first at {first.Table}, line {first.Row}. Check the paths, or see docs/prepare.md for that reason.");
        }
        if (!faults.AreTooMany) return;
        var list = Path.Combine(work.Folder, DatasetFiles.Rejects);
        RejectsTable.Write(list, rejects);
        throw faults.Explain(work.Items.Count, list);
    }

    /// <summary>Writes what stands beside the pixels: the tables and, last, the manifest.</summary>
    private static DatasetManifest Complete(
        PreparationPlan plan, PreparationWork work, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        // what the phases before left would stand beside what this one needs
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var (listing, items) = (plan.Listing, work.Items);
        var rejects = AllRejects(listing, items);
        work.FinishPixels();
        EarlierDataset.WriteStamps(work.Folder, items);
        var provenance = new DatasetProvenance(
            plan.Source.IsSynthetic, plan.Inputs, plan.Record, plan.Options.ShortSide, items.Count(i => i.Upscaled),
            CountTexts(plan, items, rejects), plan.Intensity);
        var tables = new DatasetTables(
            listing.LabelNames, new PreparedRows(listing.Radiographs, items), work.ReadTexts().Where((_, i) => items[i].Reason is null), rejects,
            [.. items.Zip(listing.Radiographs).Where(p => p.First.Reason is null).SelectMany(p => BoxesTable.Of(p.Second, p.First))]);
        return DatasetCompletion.Complete(work.Folder, tables, provenance, progress, cancellation);
    }

    private static TextCounts CountTexts(PreparationPlan plan, List<PreparedItem> items, Reject[] rejects)
    {
        var listing = plan.Listing;
        int dropped = rejects.Count(
            r => r.Reason is RejectReason.MissingReport or RejectReason.EmptyReport or RejectReason.MissingSection or RejectReason.ReportTooLarge
                or RejectReason.ReportNotText);
        var reports = !listing.HasTexts ? null
            : listing.ReportTexts is not null ? ReportCounts.Of(listing.ReportTexts, plan.Rule) : ReportCounts.Of(listing.Radiographs, items);
        return new TextCounts(
            plan.TextPolicy, plan.RequireText, items.Count(i => i is { Reason: null, HasText: true }),
            items.Count(i => i is { Reason: null, HasText: false }), dropped, reports);
    }

    /// <summary>The rejects of the listing and of the items so far, in the order of their tables.</summary>
    private static Reject[] AllRejects(StudyListing listing, List<PreparedItem> items) =>
    [
        .. listing.Rejects
            .Concat(items.Zip(listing.Radiographs).Where(p => p.First.Reason is not null)
                .Select(p => new Reject(p.Second.Table, p.Second.Row, p.Second.ImageId, p.First.Reason!, p.First.Detail ?? "")))
            .OrderBy(r => r.Table, StringComparer.Ordinal).ThenBy(r => r.Row).ThenBy(r => r.ImageId, StringComparer.Ordinal),
    ];
}
