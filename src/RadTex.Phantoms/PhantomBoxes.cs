using System.Globalization;
using RadTex.Studies;
using RadTex.Studies.Tables;

namespace RadTex.Phantoms;

/// <summary>Where lesions are in a set of phantoms: <c>phantom-boxes.csv.gz</c> and, for the pictures' sizes, the metadata.</summary>
public sealed class PhantomBoxes : IKnownPlaces
{
    private const int MostRows = 10_000_000;

    private readonly ILookup<string, FindingBox> boxes;
    private readonly Dictionary<string, (int Height, int Width)> sizes;

    private PhantomBoxes(string source, ILookup<string, FindingBox> boxes, Dictionary<string, (int Height, int Width)> sizes) =>
        (Source, this.boxes, this.sizes) = (source, boxes, sizes);

    /// <summary>The phantoms' folder.</summary>
    public string Source { get; }

    /// <summary>The boxes of a radiograph, in pixels of its file; none where nothing is drawn.</summary>
    public IEnumerable<FindingBox> Of(string imageId) => boxes[imageId];

    /// <summary>The size of a radiograph's file; null where the set has no such radiograph.</summary>
    public (int Height, int Width)? SizeOf(string imageId) => sizes.TryGetValue(imageId, out var size) ? size : null;

    /// <summary>Reads the boxes of an archive of phantoms from <c>phantom-boxes.csv.gz</c>, and the sizes of its files.</summary>
    /// <exception cref="UserErrorException">The folder holds no phantoms, or a table is damaged.</exception>
    public static PhantomBoxes Read(string archive)
    {
        var boxes = Rows(archive, "phantom-boxes.csv.gz", row =>
        {
            int left = Number(row("x_min")), top = Number(row("y_min")); // both corners belong to the box
            return (
                Id: row("dicom_id"), Box: new FindingBox(row("finding"), left, top, Number(row("x_max")) - left + 1, Number(row("y_max")) - top + 1));
        });
        var sizes = Rows(
            archive, PhantomTables.Prefix + "metadata.csv.gz", row => (Id: row("dicom_id"), Size: (Number(row("Rows")), Number(row("Columns")))));
        return new(archive, boxes.ToLookup(b => b.Id, b => b.Box), sizes.ToDictionary(s => s.Id, s => s.Size));
        static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
    }

    private static List<T> Rows<T>(string archive, string name, Func<Func<string, string>, T> read)
    {
        var path = Path.Combine(archive, name);
        if (!File.Exists(path))
            throw new UserErrorException($"{archive} holds no phantoms: it lacks {name}. Expected a folder that the step 'phantoms' made.");
        using var table = Table.Open(path);
        var rows = new List<T>();
        while (table.Read() && rows.Count < MostRows)
        {
            try { rows.Add(read(column => table[table.Require(column)])); }
            catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
            {
                throw new UserErrorException($"{path}, line {table.Row}: {e.Message} Draw the phantoms again.", e);
            }
        }
        return rows;
    }
}
