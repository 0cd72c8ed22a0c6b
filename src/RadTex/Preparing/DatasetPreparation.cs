using System.Diagnostics;
using System.Globalization;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Preparing;

/// <summary>Turns a source into a prepared dataset: resumable after a kill, and under its final name only when it is whole.</summary>
public static class DatasetPreparation
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>Prepares <paramref name="source"/> into <see cref="PreparationOptions.Output"/>, going on where an interrupted run stopped.</summary>
    /// <exception cref="UserErrorException">The source cannot be read, nothing of it can be used, the output is taken, or the disk is
    /// full.</exception>
    /// <param name="source">What is prepared.</param>
    /// <param name="options">How.</param>
    /// <param name="say">Gets how the source was understood, line by line, before the work starts.</param>
    /// <param name="progress">Gets how far it is.</param>
    /// <param name="cancellation">Stops it; what was done is kept.</param>
    public static PreparationResult Run(
        StudySource source, PreparationOptions options, Action<string>? say = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        OutputFolder.Require(options.Output, FolderKind.Dataset);
        progress?.Report(new ProgressReport("listing", 0, 0, "radiographs"));
        var listing = source.List(options.Studies, cancellation);
        progress?.Report(new ProgressReport("listing", listing.Radiographs.Count, listing.Radiographs.Count, "radiographs"));
        var rule = options.CaptionRule(source);
        foreach (var note in Notes(listing, rule)) say?.Invoke(note);
        bool requireText = options.RequireText ?? (listing.HasTexts && source.TextsAreReports);
        if (requireText) CheckReports(source, listing);
        var intensity = Resolve(source, options.Intensity);
        var record = Describe(source, listing, options, intensity, listing.HasTexts ? rule.Policy.Name : "none", requireText, cancellation);
        var inputs = PreparationInputs.Hash(listing, record, options.ShortSide);
        if (FindExisting(options, inputs, record) is { } existing) return new PreparationResult(existing, true, 0);

        if (PreparationWork.FindComplete(options.Output, inputs) is { } complete)
        {
            Publish(PreparationWork.FolderOf(options.Output), options.Output); // killed between the last file and the final name
            return new PreparationResult(complete, false, listing.Radiographs.Count);
        }
        using var earlier = options.Update && Path.Exists(options.Output) ? EarlierDataset.Open(options.Output, record, options.ShortSide) : null;
        using var work = PreparationWork
            .Open(options.Output, inputs, PreparationDifference.Settings(record, options.ShortSide), listing.Radiographs.Count, options.Force);
        int resumed = work.Items.Count;
        try
        {
            // Pictures that are equalised already are taken as they are.
            var reader = new GreyImageReader(
                options.ShortSide, source.PicturesAreEqualised ? ImageIntensity.Display : intensity, options.AnyModality);
            var faults = new FaultShare(options, listing);
            foreach (var item in work.Items) faults.Count(item);
            if (faults.AreTooMany && work.Items.FindIndex(FaultShare.IsFault) is >= 0 and var firstFault)
            {
                // The last run failed for its faults, and they may be mended: all from the first on is read again.
                work.GoBackTo(firstFault);
                faults = new FaultShare(options, listing);
            }
            PrepareAll(
                listing.Radiographs, new RadiographPreparer(listing, options.Studies, reader, rule, requireText, earlier), work, options.Workers,
                faults, progress, cancellation);
            RefuseUnusable(source, listing, work, faults);
            var manifest = Complete(source, listing, record, rule, requireText, inputs, options.ShortSide, intensity, work, progress, cancellation);
            work.Clean();
            Publish(work.Folder, options.Output);
            return new PreparationResult(manifest, false, resumed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(options.Output, e);
        }
    }

    /// <summary>Batches are read in parallel and written in order, so the result does not depend on the number of workers.</summary>
    private static void PrepareAll(
        IReadOnlyList<Radiograph> radiographs, RadiographPreparer preparer, PreparationWork work, int workers, FaultShare faults,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
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
    private static void RefuseUnusable(StudySource source, StudyListing listing, PreparationWork work, FaultShare faults)
    {
        var rejects = AllRejects(listing, work.Items);
        if (work.Items.TrueForAll(i => i.Reason is not null))
        {
            var (reason, count) = work.Items.CountBy(i => i.Reason!).MaxBy(r => r.Value);
            var first = rejects.First(r => r.Reason == reason);
            work.Discard();
            throw new UserErrorException(
                $"{source.Root}: none of {work.Items.Count:N0} radiographs can be used; the commonest reason is {reason} ({count:N0}), "
                + $"first at {first.Table}, line {first.Row}. Check the paths, or see docs/prepare.md for that reason.");
        }
        if (!faults.AreTooMany) return;
        var list = Path.Combine(work.Folder, DatasetFiles.Rejects);
        RejectsTable.Write(list, rejects);
        throw faults.Explain(work.Items.Count, list);
    }

    private static DatasetManifest Complete(
        StudySource source, StudyListing listing, SourceRecord record, CaptionRule rule, bool requireText, string inputs, int shortSide,
        ImageIntensity intensity,
        PreparationWork work, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        // what the phases before left would stand beside what this one needs
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var rows = new PreparedRows(listing.Radiographs, work.Items);
        PreparedBox[] boxes =
            [.. work.Items.Zip(listing.Radiographs).Where(p => p.First.Reason is null).SelectMany(p => BoxesTable.Of(p.Second, p.First))];
        var rejects = AllRejects(listing, work.Items);
        work.FinishPixels();
        EarlierDataset.WriteStamps(work.Folder, work.Items);
        int dropped = rejects.Count(
            r => r.Reason is RejectReason.MissingReport or RejectReason.EmptyReport or RejectReason.MissingSection or RejectReason.ReportTooLarge
                or RejectReason.ReportNotText);
        var reports = !listing.HasTexts ? null
            : listing.ReportTexts is not null ? ReportCounts.Of(listing.ReportTexts, rule) : ReportCounts.Of(listing.Radiographs, work.Items);
        var text = new TextCounts(
            listing.HasTexts ? rule.Policy.Name : "none", requireText, work.Items.Count(i => i is { Reason: null, HasText: true }),
            work.Items.Count(i => i is { Reason: null, HasText: false }), dropped, reports);
        return DatasetCompletion.Complete(
            work.Folder, rows, work.ReadTexts().Where((_, i) => work.Items[i].Reason is null), listing.LabelNames, rejects,
            new DatasetProvenance(source.IsSynthetic, inputs, record, shortSide, work.Items.Count(i => i.Upscaled), text, intensity), boxes, progress,
            cancellation);
    }

    /// <summary>How a source was understood, and what its reports hold where they are at hand.</summary>
    internal static IEnumerable<string> Notes(StudyListing listing, CaptionRule rule)
    {
        foreach (var note in listing.Notes) yield return note;
        if (listing.HasTexts)
            yield return $"text: {rule.Policy.Description}; taken out: "
                + $"{rule.Cleaning.Name}{(rule.Overrides is null ? "" : $"; {rule.Overrides.Count:N0} studies corrected by hand")}";
        if (listing.ReportTexts is not null) yield return $"reports   {ReportCounts.Of(listing.ReportTexts, rule)}";
    }

    /// <summary>The rejects of the listing and of the items so far, in the order of their tables.</summary>
    private static Reject[] AllRejects(StudyListing listing, List<PreparedItem> items) =>
    [
        .. listing.Rejects
            .Concat(items.Zip(listing.Radiographs).Where(p => p.First.Reason is not null)
                .Select(p => new Reject(p.Second.Table, p.Second.Row, p.Second.ImageId, p.First.Reason!, p.First.Detail ?? "")))
            .OrderBy(r => r.Table, StringComparer.Ordinal).ThenBy(r => r.Row).ThenBy(r => r.ImageId, StringComparer.Ordinal),
    ];

    private static SourceRecord Describe(
        StudySource source, StudyListing listing, PreparationOptions options, ImageIntensity intensity, string policy, bool requireText,
        CancellationToken cancellation)
    {
        var fractions = options.Studies.Fractions ?? SplitFractions.Default;
        var all = new SortedDictionary<string, string>(source.Options.ToDictionary(), StringComparer.Ordinal)
        {
            ["views"] = options.Studies.Views == ViewFilter.All ? "all" : "frontal",
            ["split"] = options.Studies.Split switch { SplitRule.Hash => "hash", SplitRule.Official => "official", _ => "auto" },
            ["fractions"] = string.Create(CultureInfo.InvariantCulture, $"{fractions.Train:R},{fractions.Validate:R},{fractions.Test:R}"),
            ["seed"] = options.Studies.Seed.ToString(CultureInfo.InvariantCulture),
            ["text"] = policy,
            ["require_text"] = requireText ? "true" : "false",
            ["intensity"] = intensity.Name(),
        };
        if (options.Studies.Labels is { } labels)
        {
            all["uncertain"] = labels.Uncertain switch { UncertainRule.Zero => "zero", UncertainRule.One => "one", _ => "ignore" };
            if (labels.Pathology9) all["label_set"] = "pathology9";
        }
        if (options.Studies.TestPatients is not null) all["test_patients"] = Path.GetFileName(options.Studies.TestPatients);
        if (options.Studies.Exclude is not null) all["exclude"] = Path.GetFileName(options.Studies.Exclude);
        if (options.Cleaning is { } cleaning && cleaning != TextCleaning.None) all["clean"] = cleaning.Name;
        if (options.AnyModality) all["any_modality"] = "true";
        if (options.Studies.Encoding is { } encoding) all["encoding"] = encoding.WebName;
        if (options.Studies.SkipBadLabels) all["skip_bad_labels"] = "true";
        if (options.Studies.Limit is { } limit) all["limit"] = limit.ToString(CultureInfo.InvariantCulture);
        var tables = listing.Tables.Concat(options.SectionOverrides is { } overrides ? [overrides] : []).Distinct().ToDictionary(
            path => Path.GetRelativePath(source.Root, path), path => DatasetFiles.Describe(path, null, cancellation).Sha256);
        return new SourceRecord(source.Name, Path.GetFullPath(source.Root), all, tables);
    }

    /// <summary>The intensity the dataset will have: equalised pictures stay so, and hold no stored values for Liao's rule.</summary>
    private static ImageIntensity Resolve(StudySource source, ImageIntensity asked) =>
        !source.PicturesAreEqualised ? asked
        : asked != ImageIntensity.Liao ? ImageIntensity.Equalised
        : throw new UserErrorException(
            $"{source.Root}: --intensity {asked.Name()} needs stored values, and the pictures of {source.Name} are "
                + "histogram-equalised. Take the DICOM archive, or leave --intensity out.");

    /// <summary>The dataset of that name, if it is the one asked for.</summary>
    private static DatasetManifest? FindExisting(PreparationOptions options, string inputs, SourceRecord record)
    {
        if (!Path.Exists(options.Output)) return null;
        var manifest = Path.Combine(options.Output, DatasetFiles.Manifest);
        if (!File.Exists(manifest))
            throw new UserErrorException($"{options.Output} exists and is no prepared dataset, so it is left alone. Choose another --out.");
        if (options.Force) return null;
        using var dataset = PreparedDataset.Open(options.Output);
        if (dataset.Manifest.Inputs == inputs) return dataset.Manifest;
        if (options.Update) return null;
        var there = PreparationDifference.Settings(dataset.Manifest.Source, dataset.Manifest.ShortSide);
        var differences = PreparationDifference.Between(there, PreparationDifference.Settings(record, options.ShortSide));
        var cure = EarlierDataset.Obstacles(dataset.Manifest, record, options.ShortSide).Length == 0
            ? "Bring it up to date with --update, replace it with --force, or choose another --out."
            : "Replace it with --force, or choose another --out.";
        throw new UserErrorException($"{options.Output} is a prepared dataset of other settings: {differences}. {cure}");
    }

    /// <summary>Without any report a run would take hours to find nothing; the first studies tell.</summary>
    private static void CheckReports(StudySource source, StudyListing listing)
    {
        if (!listing.HasTexts) throw new UserErrorException($"{source.Root}: text is required, but the source has none. Leave --require-text out.");
        var first = listing.Radiographs.Where(r => r.ReportPath is not null).Take(2000).ToArray();
        if (first.Length > 0 && !first.Any(r => listing.Reports.Resolve(r.ReportPath!) is { } path && File.Exists(path)))
            throw new UserErrorException(
                $"{listing.Reports.Path} has no report of the first {first.Length:N0} radiographs: expected {first[0].ReportPath} and the like. "
                + "Name the folder of MIMIC-CXR's reports with --reports, or go without text with --require-text false.");
    }

    private static void Publish(string work, string output)
    {
        var final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        var old = final + ".replaced";
        bool isOurs = File.Exists(Path.Combine(old, DatasetFiles.Manifest)); // left by a kill between the two renames
        if (Directory.Exists(final))
        {
            if (isOurs) Directory.Delete(old, recursive: true);
            else if (Path.Exists(old))
                throw new UserErrorException($"{old} is in the way of replacing {final}. Move it elsewhere and run the same command again.");
            Directory.Move(final, old);
            isOurs = true;
        }
        Directory.Move(work, final);
        Posix.FlushDirectory(Path.GetDirectoryName(final)!);
        if (isOurs) Directory.Delete(old, recursive: true);
    }
}
