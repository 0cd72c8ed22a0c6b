using System.CommandLine;
using RadTex.Files;
using RadTex.Imaging;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Cli.Commands;

/// <summary>The options every <c>radtex prepare</c> source has.</summary>
internal sealed class PrepareOptions
{
    private readonly Option<string> output = new("--out") { Description = "The folder to make.", HelpName = "DIR", Required = true };
    private readonly Option<int> shortSide = new("--short-side")
    {
        Description = "The shorter side of every radiograph, in pixels.",
        HelpName = "N",
        DefaultValueFactory = _ => 256,
    };
    private readonly Option<string> views = ChoiceOption.Of("--views", "Frontal views only, or all.", "frontal", "frontal", "all");
    private readonly Option<string?> text = new("--text")
    {
        Description = $"The part of a report to take: {string.Join(", ", SectionPolicy.All.Select(p => p.Name))}. Default: findings, "
            + "or the whole of a table's text.",
        HelpName = "POLICY",
    };
    private readonly Option<bool?> requireText = new("--require-text")
    {
        Description = "Leave out radiographs without text. Default: true where the source has reports with headed sections.",
    };
    private readonly Option<string> split = ChoiceOption.Of(
        "--split", "The archive's own split, or one by patient hash; auto takes the archive's own where there is one.", "auto", "auto", "official",
        "hash");
    private readonly ListOption<double> fractions = new("--fractions", PlainNumber.Real)
    {
        Description = "The parts of a split by hash.",
        HelpName = "TRAIN,VALIDATE,TEST",
        DefaultValueFactory = _ => "0.8,0.1,0.1",
    };
    private readonly Option<int> seed = new("--seed") { Description = "The seed of a split by hash.", HelpName = "N", DefaultValueFactory = _ => 0 };
    private readonly Option<string[]> extraLabels = new("--extra-labels")
    {
        Description = "A further table of labels by image or study; WORD=FILE puts a word before their names, FILE:A,B takes these columns "
            + "alone. Repeatable.",
        HelpName = "FILE",
    };
    private readonly Option<bool> skipBadLabels = new("--skip-bad-labels")
    {
        Description = "Leave out rows whose labels are no numbers instead of stopping.",
    };
    private readonly Option<int?> limit = new("--limit") { Description = "Take the first N radiographs only.", HelpName = "N" };
    private readonly Option<int> workers = new("--workers")
    {
        Description = "How many images are read at once; 0 for one a processor.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<string> intensity = ChoiceOption.Of(
        "--intensity", "How stored values become grey levels: as a screen shows them, over their maximum, or equalised.", ImageIntensities.Names[0],
        [.. ImageIntensities.Names]);
    private readonly Option<string> modality =
        ChoiceOption.Of("--modality", "DICOM of radiography (CR, DX, DR) only, or of any modality.", "radiography", "radiography", "any");
    private readonly Option<double> mostFaults = new("--most-faults")
    {
        Description = "The share of faulty inputs beyond which preparing fails.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => PreparationOptions.UsualMostFaults,
    };
    private readonly Option<string?> clean = new("--clean")
    {
        Description = "What to take out of the text: marks (___, XXXX), numbers (of lists), priors (references to earlier examinations).",
        HelpName = "A,B,...",
    };
    private readonly Option<string?> overrides = new("--section-overrides")
    {
        Description = "A table of corrections by hand: study_id, section, start, end.",
        HelpName = "FILE",
    };
    private readonly Option<string> uncertain = ChoiceOption.Of(
        "--uncertain", "What becomes of uncertain labels (-1): left out of training, 0 or 1. Absent ones stay absent.", "ignore", "ignore", "zero",
        "one");
    private readonly Option<string> labelSet = ChoiceOption
        .Of("--label-set", "All labels of the source, or the paper's nine.", "all", "all", "pathology9");
    private readonly Option<string?> testPatients = new("--test-patients")
    {
        Description = "A table of patients that are the test split; the others go into training and validation by hash (--fractions 1,0,0: "
            + "training alone).",
        HelpName = "FILE",
    };
    private readonly Option<string?> exclude = new("--exclude")
    {
        Description = "A table of images to leave out, such as 'radtex verify --list' writes.",
        HelpName = "FILE",
    };
    private readonly Option<string?> encoding = EncodingOption.Of();
    private readonly Option<bool> dryRun = new("--dry-run")
    {
        Description = "Say what would be taken, by the tables alone; open no picture, write nothing.",
    };
    private readonly Option<bool> force = new("--force") { Description = "Replace another dataset or unfinished preparation of that name." };

    private readonly Option<bool> update = new("--update")
    {
        Description = "Bring the dataset of that name up to date: only new or changed pictures are decoded.",
    };

    internal void AddTo(Command command)
    {
        Option[] all =
        [
            output, shortSide, views, text, requireText, split, fractions, seed, extraLabels, skipBadLabels, limit, workers, intensity, modality,
            mostFaults,
            clean, overrides, uncertain, labelSet, testPatients, exclude, encoding, dryRun, force, update,
        ];
        foreach (var option in all) command.Options.Add(option);
    }

    internal bool IsDryRun(ParseResult parsed) => parsed.GetValue(dryRun);

    internal PreparationOptions Read(ParseResult parsed)
    {
        double faults = parsed.GetValue(mostFaults);
        var studies = new StudyOptions(
            parsed.GetValue(views) == "all" ? ViewFilter.All : ViewFilter.Frontal,
            parsed.GetValue(split) switch { "hash" => SplitRule.Hash, "official" => SplitRule.Official, _ => SplitRule.Auto },
            SplitFractions.Parse(parsed.GetValue(fractions)!),
            parsed.GetValue(seed),
            parsed.GetValue(extraLabels) ?? [],
            parsed.GetValue(skipBadLabels),
            InRange("--limit", parsed.GetValue(limit), 1, int.MaxValue),
            new LabelPolicy(
                parsed.GetValue(uncertain) switch { "zero" => UncertainRule.Zero, "one" => UncertainRule.One, _ => UncertainRule.Ignore },
                parsed.GetValue(labelSet) == "pathology9"),
            parsed.GetValue(testPatients),
            parsed.GetValue(exclude),
            TextFile.ParseEncoding(parsed.GetValue(encoding)));
        return new PreparationOptions(
            parsed.GetValue(output)!,
            studies,
            InRange("--short-side", parsed.GetValue(shortSide), 16, 4096)!.Value,
            parsed.GetValue(text) is { } policy ? SectionPolicy.Parse(policy) : null,
            parsed.GetValue(requireText),
            InRange("--workers", parsed.GetValue(workers), 0, 256)!.Value,
            ImageIntensities.Parse(parsed.GetValue(intensity)!),
            parsed.GetValue(modality) == "any",
            faults is >= 0 and <= 1 ? faults : throw new UserErrorException($"--most-faults {faults}: expected 0 to 1."),
            TextCleaning.Parse(parsed.GetValue(clean)),
            parsed.GetValue(overrides),
            parsed.GetValue(force),
            parsed.GetValue(update));
    }

    private static int? InRange(string name, int? value, int least, int most) =>
        value is null || (value >= least && value <= most)
            ? value
            : throw new UserErrorException($"{name} {value}: expected {least:N0} to {most:N0}.");
}
