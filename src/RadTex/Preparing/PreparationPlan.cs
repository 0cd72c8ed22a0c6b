using System.Globalization;
using RadTex.Data;
using RadTex.Imaging;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Preparing;

/// <summary>What is prepared and how, decided before the first picture is opened.</summary>
/// <param name="Source">Where the radiographs are.</param>
/// <param name="Listing">Those to be taken.</param>
/// <param name="Options">As they were given.</param>
/// <param name="Rule">How a report becomes a caption.</param>
/// <param name="RequireText">Whether radiographs without text are left out.</param>
/// <param name="Intensity">The intensity the dataset will have.</param>
/// <param name="Record">What the manifest says of the source.</param>
internal sealed record PreparationPlan(
    StudySource Source, StudyListing Listing, PreparationOptions Options, CaptionRule Rule, bool RequireText, ImageIntensity Intensity,
    SourceRecord Record)
{
    /// <summary>The hash of all that decides the result.</summary>
    internal string Inputs { get; } = PreparationInputs.Hash(Listing, Record, Options.ShortSide);

    /// <summary>The settings by name, as messages compare them.</summary>
    internal IReadOnlyDictionary<string, string> Settings => PreparationDifference.Settings(Record, Options.ShortSide);

    /// <summary>The policy of the captions; "none" for a source without text.</summary>
    internal string TextPolicy => TextPolicyOf(Listing, Rule);

    /// <summary>Reads pictures as the dataset will have them; those that are equalised already are taken as they are.</summary>
    internal GreyImageReader Reader => new(
        Options.ShortSide, Source.PicturesAreEqualised ? ImageIntensity.Display : Intensity, Options.AnyModality);

    /// <summary>Decides what a listed source becomes.</summary>
    /// <exception cref="UserErrorException">Text or an intensity is asked for that the source does not have.</exception>
    internal static PreparationPlan Make(
        StudySource source, StudyListing listing, PreparationOptions options, CaptionRule rule, CancellationToken cancellation)
    {
        bool requireText = options.RequireText ?? (listing.HasTexts && source.TextsAreReports);
        if (requireText) CheckReports(source, listing);
        var intensity = Resolve(source, options.Intensity);
        var decided = new Dictionary<string, string>
        {
            ["text"] = TextPolicyOf(listing, rule),
            ["require_text"] = requireText ? "true" : "false",
            ["intensity"] = intensity.Name(),
        };
        return new(source, listing, options, rule, requireText, intensity, Describe(source, listing, options, decided, cancellation));
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

    private static string TextPolicyOf(StudyListing listing, CaptionRule rule) => listing.HasTexts ? rule.Policy.Name : "none";

    private static SourceRecord Describe(
        StudySource source, StudyListing listing, PreparationOptions options, IReadOnlyDictionary<string, string> decided,
        CancellationToken cancellation)
    {
        var fractions = options.Studies.Fractions ?? SplitFractions.Default;
        var all = new SortedDictionary<string, string>(source.Options.ToDictionary(), StringComparer.Ordinal)
        {
            ["views"] = options.Studies.Views == ViewFilter.All ? "all" : "frontal",
            ["split"] = options.Studies.Split switch { SplitRule.Hash => "hash", SplitRule.Official => "official", _ => "auto" },
            ["fractions"] = string.Create(CultureInfo.InvariantCulture, $"{fractions.Train:R},{fractions.Validate:R},{fractions.Test:R}"),
            ["seed"] = options.Studies.Seed.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in decided) all[name] = value;
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
            $"{source.Root}: the setting 'intensity' = {asked.Name()} needs stored values, and the pictures of {source.Name} are "
                + "histogram-equalised. Take the DICOM archive, or leave the setting 'intensity' out.");

    /// <summary>Without any report a run would take hours to find nothing; the first studies tell.</summary>
    private static void CheckReports(StudySource source, StudyListing listing)
    {
        if (!listing.HasTexts)
            throw new UserErrorException($"{source.Root}: text is required, but the source has none. Leave the setting 'require-text' out.");
        var first = listing.Radiographs.Where(r => r.ReportPath is not null).Take(2000).ToArray();
        if (first.Length > 0 && !first.Any(r => listing.Reports.Resolve(r.ReportPath!) is { } path && File.Exists(path)))
            throw new UserErrorException(
                $"{listing.Reports.Path} has no report of the first {first.Length:N0} radiographs: expected {first[0].ReportPath} and the like. "
                + "Name the folder of MIMIC-CXR's reports with the setting 'reports', or go without text with the setting 'require-text' = false.");
    }
}
