using System.CommandLine;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Cli.Commands;

/// <summary>The sources of <c>radtex prepare</c>: a subcommand each, with the options that are its own.</summary>
internal static class PrepareSources
{
    internal static IEnumerable<Entry> Build() =>
    [
        BuildMimic("mimic-cxr", "MIMIC-CXR 2.0: DICOM and reports.", "cxr-record-list.csv.gz", (root, options) => new MimicCxrSource(root, options)),
        BuildMimic(
            "mimic-cxr-jpg", "MIMIC-CXR-JPG, or phantoms, which have its layout.", "mimic-cxr-2.0.0-metadata.csv.gz",
            (root, options) => new MimicCxrJpgSource(root, options)),
        OfRoot(
            "open-i", "Open-I, the Indiana University collection: NLM's or Kaggle's files.",
            "NLMCXR_reports.tgz (or its XML, or Kaggle's tables) and the images", root => new OpenISource(root)),
        OfRoot("nih-cxr14", "NIH ChestX-ray14.", "Data_Entry_2017*.csv and the images", root => new NihChestXray14Source(root)),
        OfRoot("chexpert", "CheXpert, also small.", "train.csv and valid.csv", root => new CheXpertSource(root)),
        OfRoot("padchest", "PadChest.", "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv(.gz) and the images", root => new PadChestSource(root)),
        OfRoot("vindr-cxr", "VinDr-CXR, of PhysioNet or VinBigData.", "annotations/ or train.csv, and train/", root => new VinDrCxrSource(root)),
        OfRoot(
            "rsna-pneumonia", "The RSNA Pneumonia Detection Challenge.", "stage_2_train_labels.csv and stage_2_train_images/",
            root => new RsnaPneumoniaSource(root)),
        BuildTable(),
        BuildFolder(),
    ];

    private static Entry OfRoot(string name, string description, string files, Func<string, StudySource> make)
    {
        var root = new Argument<string>("ROOT") { Description = $"The folder with {files}." };
        return new(new Command(name, description) { root }, parsed => make(parsed.GetValue(root)!));
    }

    private static Entry BuildMimic(string name, string description, string files, Func<string, MimicOptions, StudySource> make)
    {
        var root = new Argument<string>("ROOT") { Description = $"The folder with {files} and files/." };
        var reports = new Option<string?>("--reports")
        {
            Description = "The folder of MIMIC-CXR's reports, where they are not beside the pictures.",
            HelpName = "DIR",
        };
        var labels = PrepareOptions.Choice("--labels", "Whose labels.", "chexpert", "chexpert", "negbio", "none");
        var tables = new Option<string?>("--tables")
        {
            Description = "The folder of MIMIC-CXR-JPG's tables (labels, split, metadata), where they are not in ROOT.",
            HelpName = "DIR",
        };
        var frontal = new Option<string?>("--frontal")
        {
            Description = "A list of the frontal images (dicom_id, or mimic_id and view), which decides in place of their views.",
            HelpName = "FILE",
        };
        var edema = new Option<string?>("--edema")
        {
            Description = "The folder of the edema severity files (consensus, expert, regex); they become labels.",
            HelpName = "DIR",
        };
        return new(
            new Command(name, description) { root, reports, labels, tables, frontal, edema },
            parsed => make(parsed.GetValue(root)!, new MimicOptions(
                parsed.GetValue(reports), parsed.GetValue(labels)!, parsed.GetValue(tables), parsed.GetValue(frontal), parsed.GetValue(edema))));
    }

    private static Entry BuildFolder()
    {
        var root = new Argument<string>("DIR") { Description = "A folder of pictures." };
        var pattern = new Option<string?>("--patient-pattern")
        {
            Description = @"A regular expression on the relative path whose first group is the patient, such as ^(\d{8})_. Default: the subfolder.",
            HelpName = "REGEX",
        };
        var archive = ArchiveOption();
        return new(
            new Command("folder", "A folder of pictures and nothing else.") { root, pattern, archive },
            parsed => new FolderSource(parsed.GetValue(root)!, parsed.GetValue(pattern), parsed.GetValue(archive)));
    }

    private static Entry BuildTable()
    {
        var file = new Argument<string>("FILE") { Description = "A table, CSV (or .csv.gz) or Parquet, a row a radiograph." };
        var images = new Option<string?>("--images")
        {
            Description = "The folder image paths are relative to. Default: the table's, or images/ in it.",
            HelpName = "DIR",
        };
        var columns = new[] { "image", "patient", "study", "view", "text", "split" }.ToDictionary(
            role => role,
            role => new Option<string?>($"--{role}-column") { Description = $"The column of the {role}, where its name is not a usual one.",
            HelpName = "NAME" });
        var labels = new Option<string?>("--label-columns")
        {
            Description = "Columns of numbers: 1, 0, -1 (uncertain), empty, or grades.",
            HelpName = "A,B,...",
        };
        var categories = new Option<string?>("--categories")
        {
            Description = "Columns of words joined by '|'; each word becomes a label.",
            HelpName = "A,B,...",
        };
        var archive = ArchiveOption();
        var command = new Command("table", "A table of one's own.") { file, images, labels, categories, archive };
        foreach (var option in columns.Values) command.Options.Add(option);
        return new(command, parsed =>
        {
            string? Column(string role) => parsed.GetValue(columns[role]);
            return new TableSource(
                parsed.GetValue(file)!,
                new TableColumns(
                    Column("image"), Column("patient"), Column("study"), Column("view"), Column("text"), Column("split"),
                    Names(parsed.GetValue(labels)), Names(parsed.GetValue(categories))),
                parsed.GetValue(images),
                parsed.GetValue(archive));
        });
    }

    private static Option<string?> ArchiveOption() =>
        new("--archive")
        {
            Description = "Whose patients these are, such as mimic-cxr: 'radtex verify --against' compares ids within an archive. Default: "
                + "not known, compared with all.",
            HelpName = "NAME",
        };

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A source's command and how it is made of what was given.</summary>
    internal sealed record Entry(Command Command, Func<ParseResult, StudySource> Make);
}
