using RadTex.Files;
using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// NIH ChestX-ray14: <c>Data_Entry_2017*.csv</c> with <c>Finding Labels</c> joined by '|', pictures in <c>images/</c>, in
/// <c>images_001/images</c> to <c>images_012/images</c> as the archives unpack, or beside the table. A finding not named is absent (0): NIH labels
/// every image for all fourteen. It has no reports.
/// </summary>
/// <param name="root">The folder the archive was unpacked in.</param>
public sealed class NihChestXray14Source(string root) : StudySource
{
    private const string Described = "NIH ChestX-ray14 (nihcc.app.box.com/v/ChestXray-NIHCC)";

    /// <summary>Whose patients these are; also those of the pictures that others took from it.</summary>
    internal const string Family = "nih-cxr14";

    /// <summary>The archive's pictures are 1024 x 1024, and so are its boxes, also where the pictures were made smaller since.</summary>
    private const int PublishedSide = 1024;

    private const string TrainList = "train_val_list.txt", TestList = "test_list.txt";

    /// <summary>The fourteen findings in the order of Wang et al. 2017, and "No Finding".</summary>
    public static IReadOnlyList<string> Findings { get; } =
    [
        "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Consolidation", "Edema",
        "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia", "No Finding",
    ];

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        Family, "NIH ChestX-ray14.", "The folder with Data_Entry_2017*.csv and the images.", (root, _) => new NihChestXray14Source(root))
    {
        Marks = [new("Data_Entry_2017_v2020.csv"), new("Data_Entry_2017.csv")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; } = root;

    /// <inheritdoc/>
    public override bool TextsAreReports => false;

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var images = new SourceFolder(Root);
        var path = ArchiveFiles.Require(Root, "Data_Entry_2017*.csv", Described); // the corrected ..._v2020.csv where both are there
        string train = Path.Combine(Root, TrainList), test = Path.Combine(Root, TestList);
        var boxes = ArchiveFiles.Find(Root, "BBox_List_2017.csv");
        bool official = options.Split != SplitRule.Hash && File.Exists(train) && File.Exists(test);
        var rejects = new List<Reject>();
        return new SourceTables(Findings, ReadEntries(path, official ? ReadLists(train, test) : null, boxes, rejects), images,
            [path, .. official ? [train, test] : Array.Empty<string>(), .. boxes is null ? [] : new[] { boxes }])
        {
            Rejects = rejects,
            HasOfficialSplit = official,
            NoSplitReason = $"{TrainList} and {TestList} are not both in that folder (they are part of {Described})",
            CarveValidation = true,
        };
    }

    private IEnumerable<Radiograph> ReadEntries(string path, Dictionary<string, Split>? splits, string? boxTable, List<Reject> rejects)
    {
        var images = ArchiveFiles.FindPictures(Root);
        var boxes = boxTable is null ? null : ReadBoxes(boxTable);
        using var table = Table.Open(path);
        int image = table.Require("Image Index"), labels = table.Require("Finding Labels"), patient = table.Require("Patient ID"),
            view = table.Require("View Position"), followUp = table.Find("Follow-up #");
        // The last headers hold commas, quoted or not, so the count of cells says nothing; those needed come before.
        int needed = Math.Max(Math.Max(image, labels), Math.Max(patient, view)) + 1;
        var name = Path.GetRelativePath(Root, path);
        while (table.Read())
        {
            string imageId = table[image].Trim(), patientId = table[patient].Trim();
            if (table.CellCount < needed)
            {
                rejects.Add(new Reject(name, table.Row, imageId, RejectReason.MalformedRow, $"{table.CellCount} cells, at least {needed} expected"));
                continue;
            }
            var found = table[labels].Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (found.Length == 0 || found.Any(f => !Findings.Contains(f)))
            {
                rejects.Add(
                    new Reject(name, table.Row, imageId, RejectReason.UnknownLabel, "Finding Labels names none, or one that is not of the fourteen"));
                continue;
            }
            yield return new Radiograph(
                imageId, patientId, followUp < 0 ? imageId : $"{patientId}_{table[followUp].Trim()}", table[view].Trim(),
                images.GetValueOrDefault(imageId, $"images/{imageId}"), null, null,
                splits is not null && splits.TryGetValue(imageId, out var split) ? split : null,
                Findings.Select(f => (double?)(found.Contains(f) ? 1 : 0)).ToArray(), name, table.Row, boxes?.GetValueOrDefault(imageId));
        }
    }

    /// <summary>The boxes of each image. The last four headers hold half a bracket each, and the file calls one finding by another name.</summary>
    private static Dictionary<string, List<FindingBox>> ReadBoxes(string path)
    {
        using var table = Table.Open(path);
        int image = table.Require("Image Index"), finding = table.Require("Finding Label"), left = table.Require("Bbox [x");
        var boxes = new Dictionary<string, List<FindingBox>>();
        while (table.Read())
        {
            var label = table[finding].Trim() is "Infiltrate" ? "Infiltration" : table[finding].Trim();
            var box = FindingBox.Read(table, [left, left + 1, left + 2, left + 3], label)
                ?? throw new UserErrorException($"{path}, line {table.Row}: no box. Expected x, y, width and height; fetch the file again.");
            var id = table[image].Trim();
            if (!boxes.TryGetValue(id, out var list)) boxes[id] = list = [];
            list.Add(box with { Frame = PublishedSide });
        }
        return boxes;
    }

    private static Dictionary<string, Split> ReadLists(string train, string test)
    {
        var splits = new Dictionary<string, Split>();
        foreach (var (path, split) in new[] { (train, Split.Train), (test, Split.Test) })
        {
            foreach (var line in RegularFile.ReadLines(path))
            {
                // Some copies carry the labels after the name.
                var file = line.Trim().Split([' ', '\t', ','], 2)[0];
                if (file.Length > 0 && !splits.TryAdd(file, split) && splits[file] != split)
                    throw new UserErrorException($"{path}: an image is in {TrainList} too. "
                        + "Fetch both lists again, or use the setting 'split' = hash.");
            }
        }
        return splits;
    }
}
