using RadTex.Files;
using RadTex.Studies.Tables;

namespace RadTex.Studies;

/// <summary>
/// A public archive or a table of one's own, as a list of radiographs. A source says what its tables say; this class does what is
/// the same for all: views, duplicates, extra labels, splits.
/// </summary>
public abstract class StudySource
{
    /// <summary>The source's name on the command line, such as <c>mimic-cxr-jpg</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The folder (for a table: its folder) everything is relative to.</summary>
    public abstract string Root { get; }

    /// <summary>Whether its texts are reports with headed sections; false where a text is the caption itself.</summary>
    public abstract bool TextsAreReports { get; }

    /// <summary>The source's own options that decide what is listed, by name, for the manifest.</summary>
    public virtual IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>();

    /// <summary>Whether the radiographs are drawn: phantoms leave a file that says so.</summary>
    public bool IsSynthetic => File.Exists(Path.Combine(Root, FolderKind.PhantomsFile));

    /// <summary>Whether the archive's pictures were histogram-equalised before it was published, so that they cannot be shown otherwise.</summary>
    public virtual bool PicturesAreEqualised => false;

    /// <summary>The source's own further tables of labels, as <see cref="StudyOptions.ExtraLabels"/> names them.</summary>
    protected virtual IReadOnlyList<string> OwnExtraLabels => [];

    /// <summary>Reads the source's tables.</summary>
    /// <exception cref="UserErrorException">A folder, table or column is missing, or a table is damaged.</exception>
    protected abstract SourceTables ReadTables(StudyOptions options, CancellationToken cancellation);

    /// <summary>Lists what is to be taken, with a split each.</summary>
    /// <exception cref="UserErrorException">The source cannot be read, nothing of it can be used, or its splits share patients.</exception>
    public StudyListing List(StudyOptions options, CancellationToken cancellation = default)
    {
        var extras = OwnExtraLabels.Concat(options.ExtraLabels ?? [])
            .Select(argument => ExtraLabels.Read(argument, options.SkipBadLabels, options.Encoding)).ToArray();
        var tables = ReadTables(options, cancellation);
        var policy = options.Labels ?? new LabelPolicy();
        int[] kept = policy.Select(tables.LabelNames);
        string[] labelNames = [.. kept.Select(i => tables.LabelNames[i]), .. extras.SelectMany(e => e.Names)];
        CheckNames(labelNames, extras);

        var rejects = tables.Rejects;
        var taken = new List<Radiograph>();
        var (seen, shared) = (new HashSet<string>(), new SharedValues());
        var matched = new int[extras.Length];
        HashSet<string> excluded = IdList.Read(options.Exclude, IdList.Images, options.Encoding),
            testPatients = IdList.Read(options.TestPatients, IdList.Patients, options.Encoding);
        bool official = options.Split != SplitRule.Hash && tables.HasOfficialSplit && options.TestPatients is null;
        if (options.Split == SplitRule.Official && !tables.HasOfficialSplit)
            throw new UserErrorException(
                $"{Root}: the setting 'split' = official, but {tables.NoSplitReason ?? "this source has no split of its own"}. "
                    + "Use the setting 'split' = hash.");
        foreach (var radiograph in tables.Radiographs)
        {
            cancellation.ThrowIfCancellationRequested();
            var listed = radiograph with { Labels = [.. kept.Select(i => policy.Apply(radiograph.Labels[i]))] };
            if (Refuse(listed, options.Views, official, seen, excluded) is { } reason)
            {
                rejects.Add(new Reject(listed.Table, listed.Row, listed.ImageId, reason.Code, reason.Detail));
                continue;
            }
            if (extras.Length > 0)
            {
                var parts = extras.Select(e => e.For(listed)).ToArray();
                for (int i = 0; i < parts.Length; i++) matched[i] += parts[i].Values.Any(v => v is not null) ? 1 : 0;
                if (Array.Find(parts, p => p.BadColumn is not null).BadColumn is { } column)
                {
                    rejects.Add(
                        new Reject(listed.Table, listed.Row, listed.ImageId, RejectReason.LabelNotANumber, $"column {column} of an extra table"));
                    continue;
                }
                listed = listed with { Labels = [.. listed.Labels, .. parts.SelectMany(p => p.Values)] };
            }
            taken.Add(shared.Of(listed with { Split = Decide(listed, official, tables.CarveValidation, testPatients, options) }));
            if (taken.Count == options.Limit) break;
        }
        if (taken.Count == 0) throw new UserErrorException(NothingUsable(tables, options));
        int inTwo = PatientSplits.Shared(taken.Select(r => (r.PatientId, r.Split!.Value)));
        if (inTwo > 0)
            throw new UserErrorException(
                $"{Root}: {inTwo:N0} patients have radiographs in more than one split. A test on patients seen in training says "
                    + "nothing: use the setting 'split' = hash, or mend the split.");

        var notes = tables.Notes;
        notes.Add(
            "split: " + (
                options.TestPatients is not null ? $"test is the patients of {options.TestPatients} "
                    + $"({taken.Where(r => r.Split == Split.Test).DistinctBy(r => r.PatientId).Count():N0} of {testPatients.Count:N0} "
                    + $"are here); the others by hash with seed {options.Seed}"
            : official ? "the archive's own" + (tables.CarveValidation ? ", validation carved from training by patient" : "")
            : $"by patient, hash with seed {options.Seed}"));
        if (options.Exclude is not null) notes.Add(
            $"excluded: {rejects.Count(r => r.Reason == RejectReason.Excluded):N0} of the {excluded.Count:N0} images that {options.Exclude} names");
        if (kept.Length > 0) notes.Add($"labels: {policy.Description}");
        for (int i = 0; i < extras.Length; i++)
        {
            notes.Add($"extra labels: {matched[i]:N0} of {taken.Count:N0} radiographs are in {extras[i].Path}"
                + $"; labels: {string.Join(", ", extras[i].Names)}"
                + (extras[i].LeftOut.Count > 0 ? $"; left out: {string.Join("; ", extras[i].LeftOut)}" : ""));
            if (matched[i] == 0)
                throw new UserErrorException(
                    $"{extras[i].Path} labels none of the {taken.Count:N0} radiographs taken. Expected the archive's own image or study ids.");
        }
        var fractions = official || options.TestPatients is not null ? null : options.Fractions ?? SplitFractions.Default;
        foreach (var warning in ListingWarnings.Of(taken, labelNames, fractions)) notes.Add(warning);
        return new StudyListing(
            labelNames, taken, [.. rejects], tables.Images, tables.Reports ?? tables.Images, tables.HasTexts,
            [.. tables.Paths, .. extras.Select(e => e.Path), .. new[] { options.Exclude, options.TestPatients }.OfType<string>()], tables.ReportTexts,
            [.. notes]);
    }

    private static (string Code, string Detail)? Refuse(
        Radiograph radiograph, ViewFilter views, bool official, HashSet<string> seen, HashSet<string> excluded)
    {
        if (radiograph.ImageId.Length == 0) return (RejectReason.NoImageId, "the row names no image");
        if (radiograph.PatientId.Length == 0) return (RejectReason.NoPatientId, "the row names no patient");
        if (!seen.Add(radiograph.ImageId)) return (RejectReason.DuplicateImage, "an earlier row has this image id");
        if (excluded.Contains(radiograph.ImageId)) return (RejectReason.Excluded, "the list of excluded images names it");
        // A DICOM file states its view itself; it is asked when it is opened.
        if (
            views == ViewFilter.Frontal && !(radiograph.View.Length == 0 && IsDicom(radiograph.ImagePath))
                && Views.Refuse(radiograph.View) is { } refused) return refused;
        if (official && radiograph.Split is null) return (RejectReason.NoSplit, "the archive's split does not list it");
        return null;
    }

    private static bool IsDicom(string path) => Path.GetExtension(path).ToUpperInvariant() is ".DCM" or ".DICOM";

    private static Split Decide(Radiograph radiograph, bool official, bool carve, HashSet<string> testPatients, StudyOptions options)
    {
        var fractions = options.Fractions ?? SplitFractions.Default;
        if (options.TestPatients is not null)
            return testPatients.Contains(radiograph.PatientId)
                ? Split.Test
                : PatientSplits.CarveValidation(radiograph.PatientId, options.Seed, fractions);
        if (!official) return PatientSplits.Assign(radiograph.PatientId, options.Seed, fractions);
        return carve && radiograph.Split == Split.Train
            ? PatientSplits.CarveValidation(radiograph.PatientId, options.Seed, fractions)
            : radiograph.Split!.Value;
    }

    private static void CheckNames(string[] names, ExtraLabels[] extras)
    {
        var twice = names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is null) return;
        var file = extras.LastOrDefault(e => e.Names.Contains(twice, StringComparer.OrdinalIgnoreCase))?.Path;
        throw new UserErrorException(file is null
            ? $"The label column '{twice}' is named twice. Name each once."
            : $"{file}: the label '{twice}' is there already. Put a word before the names of this file: the setting 'extra-labels' = WORD={file}");
    }

    private string NothingUsable(SourceTables tables, StudyOptions options)
    {
        if (tables.Rejects.Count == 0) return $"{Root}: {tables.Paths.FirstOrDefault("the folder")} has no rows. Expected one a radiograph.";
        var (reason, count) = tables.Rejects.CountBy(r => r.Reason).MaxBy(r => r.Value);
        var cure = reason is RejectReason.NotFrontal or RejectReason.UnknownView && options.Views == ViewFilter.Frontal
            ? "Take every view with the setting 'views' = all, or check the column of views."
            : reason == RejectReason.NoSplit
            ? "Use the setting 'split' = hash, or fetch the split that belongs to these tables."
            : "Check that the tables belong together.";
        return $"{Root}: none of {tables.Rejects.Count:N0} rows can be used; the commonest reason is {reason} ({count:N0}). {cure}";
    }
}
