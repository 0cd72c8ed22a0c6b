using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// VinDr-CXR, of PhysioNet (<c>annotations/image_labels_train.csv</c>, <c>_test.csv</c>) or of the VinBigData challenge (<c>train.csv</c>), with
/// files
/// <c>train/IMAGE_ID.dicom</c>. Of the three readers of a training image the majority decides. All are PA views; patients are not given, so each
/// image counts as one.
/// </summary>
/// <param name="root">The folder with <c>train/</c>.</param>
public sealed class VinDrCxrSource(string root) : StudySource
{
    private const string Described = "VinDr-CXR (physionet.org/content/vindr-cxr)", Nothing = "No finding";

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "vindr-cxr", "VinDr-CXR, of PhysioNet or VinBigData.", "The folder with annotations/ or train.csv, and train/.",
        (root, _) => new VinDrCxrSource(root))
    {
        Marks = [new("train.csv", "image_id,class_name")],
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
        var annotations = Path.Combine(Root, "annotations");
        string? train = ArchiveFiles.Find(annotations, "image_labels_train.csv"), test = ArchiveFiles.Find(annotations, "image_labels_test.csv");
        var readings = new Readings();
        if (train is not null) readings.AddImageLabels(train, Split.Train, options.SkipBadLabels, cancellation);
        else readings.AddBoxes(
            train = ArchiveFiles.Require(
                Root, "train.csv", $"{Described} or VinBigData (kaggle.com/c/vinbigdata-chest-xray-abnormalities-detection)"),
            areLabels: true, cancellation);
        if (test is not null) readings.AddImageLabels(test, Split.Test, options.SkipBadLabels, cancellation);
        string[] boxes = [.. new[] { ArchiveFiles.Find(annotations, "annotations_train.csv"), ArchiveFiles.Find(annotations, "annotations_test.csv") }
            .OfType<string>()];
        foreach (var table in boxes) readings.AddBoxes(table, areLabels: false, cancellation);
        return new SourceTables(
            [.. readings.Names], ReadImages(readings), new SourceFolder(Root), [.. new[] { train, test }.OfType<string>(), .. boxes])
        {
            Notes = ["patients: not given; each image counts as a patient of its own", "labels: by the majority of an image's readers"],
            HasOfficialSplit = test is not null,
            NoSplitReason = $"annotations/image_labels_test.csv is not there (it is part of {Described})",
            CarveValidation = true,
        };
    }

    private IEnumerable<Radiograph> ReadImages(Readings readings)
    {
        var pictures = ArchiveFiles.FindPictures(Root, byId: true);
        foreach (var (image, reading) in readings.Images)
        {
            double?[] labels = [.. readings.Names.Select(n => (double?)(2 * reading.Positive.GetValueOrDefault(n) > reading.Readers.Count ? 1 : 0))];
            yield return new Radiograph(
                image, image, image, "PA", pictures
                    .GetValueOrDefault(image, $"{(reading.Split == Split.Test ? "test" : "train")}/{image}.dicom"), null, null,
                reading.Split, labels, Path.GetRelativePath(Root, reading.Table), reading.Row, reading.Boxes.Count > 0 ? reading.Boxes : null);
        }
    }

    /// <summary>What an image's readers said: who they are, and how many of them saw each finding.</summary>
    private sealed record Reading(Split Split, string Table, long Row)
    {
        internal HashSet<string> Readers { get; } = [];

        internal Dictionary<string, int> Positive { get; } = [];

        internal List<FindingBox> Boxes { get; } = [];
    }

    private sealed class Readings
    {
        internal SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

        internal Dictionary<string, Reading> Images { get; } = [];

        /// <summary>A row an image and reader, a column a finding, 0 or 1; the test set has one row an image, by consensus.</summary>
        internal void AddImageLabels(string path, Split split, bool skipBadLabels, CancellationToken cancellation)
        {
            using var table = Table.Open(path);
            int image = table.Require("image_id"), reader = table.Find("rad_id", "rad_ID");
            int[] columns = [.. Enumerable.Range(0, table.Columns.Count).Where(i => i != image && i != reader && table.Columns[i].Trim().Length > 0)];
            Names.UnionWith(columns.Select(i => table.Columns[i].Trim()));
            while (table.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                var reading = Of(table[image].Trim(), split, table);
                if (!reading.Readers.Add(reader < 0 ? "consensus" : table[reader].Trim())) continue;
                var values = table.ReadLabels(columns, skipBadLabels, out _);
                for (int i = 0; i < columns.Length; i++)
                    if (values[i] > 0) Add(reading, table.Columns[columns[i]].Trim());
            }
        }

        /// <summary>A row an image, reader and box; "No finding" has none. In VinBigData they are all there is, and so are the labels too.</summary>
        internal void AddBoxes(string path, bool areLabels, CancellationToken cancellation)
        {
            using var table = Table.Open(path);
            int image = table.Require("image_id"), finding = table.Require("class_name"),
                reader = areLabels ? table.Require("rad_id") : table.Find("rad_id", "rad_ID");
            int[] columns = [.. new[] { "x_min", "y_min", "x_max", "y_max" }.Select(c => table.Require(c))];
            var seen = new HashSet<(string, string, string)>();
            if (areLabels) Names.Add(Nothing);
            while (table.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                string imageId = table[image].Trim(), name = table[finding].Trim(), who = reader < 0 ? "consensus" : table[reader].Trim();
                if (!areLabels && !Images.ContainsKey(imageId)) continue;
                var reading = Of(imageId, Split.Train, table);
                if (FindingBox.Read(table, columns, name, corners: true) is { } box) reading.Boxes.Add(box with { Reader = who });
                if (!areLabels) continue;
                reading.Readers.Add(who);
                Names.Add(name);
                if (seen.Add((imageId, name, who))) Add(reading, name); // a finding may have several boxes
            }
        }

        private Reading Of(string image, Split split, Table table)
        {
            if (!Images.TryGetValue(image, out var reading)) Images[image] = reading = new Reading(split, table.Path, table.Row);
            return reading;
        }

        private static void Add(Reading reading, string name) => reading.Positive[name] = reading.Positive.GetValueOrDefault(name) + 1;
    }
}
