using System.Text.Json;
using RadTex.Files;
using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// The RSNA Pneumonia Detection Challenge: <c>stage_2_train_labels.csv</c>, <c>stage_2_detailed_class_info.csv</c> and
/// <c>stage_2_train_images/ID.dcm</c>. Every image is frontal, taken of NIH ChestX-ray14; where RSNA's mapping to it is there
/// (<c>pneumonia-challenge-dataset-mappings_2018.json</c>), patients are NIH's, else each image counts as one.
/// </summary>
/// <param name="root">The folder with the tables.</param>
public sealed class RsnaPneumoniaSource(string root) : StudySource
{
    private const string Described = "the RSNA Pneumonia Detection Challenge (kaggle.com/c/rsna-pneumonia-detection-challenge)";

    private const long LargestMappingBytes = 64 << 20;

    /// <summary>The classes of the detailed table; exactly one holds for an image.</summary>
    private static readonly string[] Classes = ["Normal", "No Lung Opacity / Not Normal", "Lung Opacity"];

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "rsna-pneumonia", "The RSNA Pneumonia Detection Challenge.", "The folder with stage_2_train_labels.csv and stage_2_train_images/.",
        (root, _) => new RsnaPneumoniaSource(root))
    {
        Marks = [new("stage_2_train_labels.csv")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; } = root;

    /// <inheritdoc/>
    public override bool TextsAreReports => false;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options =>
        new Dictionary<string, string> { ["archive"] = FindMapping() is null ? Name : NihChestXray14Source.Family };

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var path = ArchiveFiles.Require(Root, "stage_2_train_labels.csv", Described);
        var classes = ArchiveFiles.Find(Root, "stage_2_detailed_class_info.csv");
        var mapping = FindMapping();
        string[] names = classes is null ? ["Pneumonia"] : ["Pneumonia", .. Classes];
        var rejects = new List<Reject>();
        return new SourceTables(
            names, ReadRows(path, classes, mapping, rejects), new SourceFolder(Root), [.. new[] { path, classes, mapping }.OfType<string>()])
        {
            Rejects = rejects,
            Notes = [mapping is null
                ? "patients: each image counts as one; RSNA's mapping to NIH ChestX-ray14 "
                + "(pneumonia-challenge-dataset-mappings_2018.json, of RSNA's own page) would tell them"
                : "patients: those of NIH ChestX-ray14, by RSNA's mapping"],
            NoSplitReason = "the labels of the challenge's test set are not public",
        };
    }

    private IEnumerable<Radiograph> ReadRows(string path, string? classes, string? mapping, List<Reject> rejects)
    {
        var classOf = classes is null ? null : ReadClasses(classes);
        var patients = mapping is null ? [] : ReadMapping(mapping);
        var boxes = ReadBoxes(path);
        var pictures = ArchiveFiles.FindPictures(Root, byId: true);
        using var table = Table.Open(path);
        int image = table.Require("patientId"), target = table.Require("Target");
        var name = Path.GetRelativePath(Root, path);
        var seen = new HashSet<string>();
        while (table.Read())
        {
            var id = table[image].Trim();
            if (table.RejectUneven(name, id, rejects)) continue;
            if (id.Length > 0 && !seen.Add(id)) continue; // a further box of an image, which ReadBoxes has seen
            if (!LabelValue.TryParse(table[target], out double? pneumonia)) throw LabelValue.Fault(path, table.Row, "Target", table[target]);
            var detail = classOf?.GetValueOrDefault(id);
            double?[] labels = classOf is null
                ? [pneumonia]
                : [pneumonia, .. Classes.Select(c => detail is null ? (double?)null : c == detail ? 1 : 0)];
            yield return new Radiograph(
                id, patients.GetValueOrDefault(id, id), id, "FRONTAL", pictures.GetValueOrDefault(id, $"stage_2_train_images/{id}.dcm"), null, null,
                null, labels, name, table.Row, boxes.GetValueOrDefault(id));
        }
    }

    /// <summary>The boxes of each image; the challenge's images are 1024 x 1024.</summary>
    private static Dictionary<string, List<FindingBox>> ReadBoxes(string path)
    {
        using var table = Table.Open(path);
        int image = table.Require("patientId");
        int[] columns = [table.Require("x"), table.Require("y"), table.Require("width"), table.Require("height")];
        var boxes = new Dictionary<string, List<FindingBox>>();
        while (table.Read())
        {
            if (FindingBox.Read(table, columns, "Pneumonia") is not { } box) continue; // an image without pneumonia has empty cells
            var id = table[image].Trim();
            if (!boxes.TryGetValue(id, out var list)) boxes[id] = list = [];
            list.Add(box with { Frame = 1024 });
        }
        return boxes;
    }

    private static Dictionary<string, string> ReadClasses(string path)
    {
        using var table = Table.Open(path);
        int image = table.Require("patientId"), word = table.Require("class");
        var classes = new Dictionary<string, string>();
        while (table.Read()) classes[table[image].Trim()] = table[word].Trim();
        return classes;
    }

    private string? FindMapping() => !Directory.Exists(Root)
        ? null
        : Directory.EnumerateFiles(Root, "pneumonia-challenge-dataset-mappings*.json").Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>The NIH patient of each image: its NIH file is called PATIENT_FOLLOWUP.png.</summary>
    private static Dictionary<string, string> ReadMapping(string path)
    {
        if (new FileInfo(path).Length > LargestMappingBytes)
            throw new UserErrorException($"{path} is larger than {LargestMappingBytes:N0} bytes. Expected RSNA's mapping; fetch it again.");
        try
        {
            using var document = JsonDocument.Parse(RegularFile.ReadAllBytes(path), JsonFormat.Tree);
            return document.RootElement.EnumerateArray().ToDictionary(
                e => e.GetProperty("subset_img_id").GetString()!,
                e => e.GetProperty("img_id").GetString()!.Split('_')[0].TrimStart('0') is { Length: > 0 } patient ? patient : "0");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new UserErrorException(
                $"{path} is no mapping of RSNA images to NIH's: {e.Message} Expected a list of objects with subset_img_id and "
                    + "img_id; fetch it again.",
                e);
        }
    }
}
