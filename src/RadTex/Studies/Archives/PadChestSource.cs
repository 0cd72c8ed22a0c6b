using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// PadChest: <c>PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv(.gz)</c> and its 16-bit PNG files, in one folder or in its numbered ones. Labels
/// are a list of English words; a finding not listed is 0, except where a report names none at all. The reports are Spanish, pre-processed (no
/// accents, no headers).
/// </summary>
/// <param name="root">The folder with the table.</param>
public sealed class PadChestSource(string root) : StudySource
{
    /// <summary>Labels of fewer images than this are left out: the long tail has some 200 of them.</summary>
    public const int FewestImages = 50;

    private const string Described = "PadChest (bimcv.cipf.es/bimcv-projects/padchest)",
        Published = "PADCHEST_chest_x_ray_images_labels_160K_01.02.19";

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "padchest", "PadChest.", "The folder with PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv(.gz) and the images.",
        (root, _) => new PadChestSource(root))
    {
        Marks = [new($"{Published}.csv"), new($"{Published}.csv.gz")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; } = root;

    /// <inheritdoc/>
    public override bool TextsAreReports => false;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options => new Dictionary<string, string> { ["fewest_images"] = $"{FewestImages}" };

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var path = ArchiveFiles.Require(Root, "PADCHEST_chest_x_ray_images_labels*.csv", Described);
        var names = new PresentLabels(FewestImages);
        using (var table = Table.Open(path))
        {
            int labels = table.Require("Labels");
            while (table.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                names.Count(Words(table[labels]));
            }
        }
        var rejects = new List<Reject>();
        return new SourceTables(names.Names, ReadRows(path, names, rejects), new SourceFolder(Root), [path])
        {
            Rejects = rejects,
            Notes = [$"labels: those of at least {FewestImages} images; {names.Rare:N0} rarer ones are left out"],
            HasTexts = true,
            NoSplitReason = "PadChest has no split of its own",
        };
    }

    private IEnumerable<Radiograph> ReadRows(string path, PresentLabels names, List<Reject> rejects)
    {
        using var table = Table.Open(path);
        int image = table.Require("ImageID"), patient = table.Require("PatientID"), view = table.Require("Projection"),
            labels = table.Require("Labels"),
            study = table.Find("StudyID"), report = table.Find("Report");
        var pictures = ArchiveFiles.FindPictures(Root);
        var name = Path.GetRelativePath(Root, path);
        while (table.Read())
        {
            var imageId = table[image].Trim();
            if (table.RejectUneven(name, imageId, rejects)) continue;
            yield return new Radiograph(
                imageId, table[patient].Trim(), study >= 0 && table[study].Trim() is { Length: > 0 } id ? id : imageId, table[view].Trim(),
                pictures.GetValueOrDefault(imageId, imageId), report < 0
                    ? null
                    : table[report], null, null, names.Values(Words(table[labels])), name, table.Row);
        }
    }

    /// <summary>The words of a Python list such as <c>['pleural effusion', ' cardiomegaly']</c>; some have a space before them.</summary>
    private static string[] Words(string list) =>
        list.Trim().TrimStart('[').TrimEnd(']').Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w.Trim().Trim('\'', '"').Trim()).Where(w => w.Length > 0).Distinct().ToArray();
}
