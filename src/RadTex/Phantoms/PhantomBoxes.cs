using System.Globalization;
using RadTex.Studies;

namespace RadTex.Phantoms;

/// <summary>Where lesions are in a set of phantoms: <c>phantom-boxes.csv.gz</c> and, for the pictures' sizes, the metadata.</summary>
public sealed class PhantomBoxes
{
    private const int MostRows = 10_000_000;

    private readonly ILookup<string, PhantomBox> boxes;
    private readonly Dictionary<string, (int Height, int Width)> sizes;

    private PhantomBoxes(ILookup<string, PhantomBox> boxes, Dictionary<string, (int Height, int Width)> sizes) => (this.boxes, this.sizes) = (boxes, sizes);

    /// <summary>The boxes of a radiograph, in pixels of its file; none where nothing is drawn.</summary>
    public IEnumerable<PhantomBox> Of(string dicomId) => boxes[dicomId];

    /// <summary>The size of a radiograph's file; null where the set has no such radiograph.</summary>
    public (int Height, int Width)? SizeOf(string dicomId) => sizes.TryGetValue(dicomId, out var size) ? size : null;

    /// <exception cref="UserErrorException">The folder holds no phantoms, or a table is damaged.</exception>
    public static PhantomBoxes Read(string archive)
    {
        var boxes = Rows(archive, "phantom-boxes.csv.gz", row => (Id: row("dicom_id"), Box: new PhantomBox(
            Enum.GetValues<PhantomFinding>().First(f => f.Name() == row("finding")), Number(row("x_min")), Number(row("y_min")), Number(row("x_max")), Number(row("y_max")),
            row("site"), float.Parse(row("contrast"), CultureInfo.InvariantCulture))));
        var sizes = Rows(archive, PhantomTables.Prefix + "metadata.csv.gz", row => (Id: row("dicom_id"), Size: (Number(row("Rows")), Number(row("Columns")))));
        return new(boxes.ToLookup(b => b.Id, b => b.Box), sizes.ToDictionary(s => s.Id, s => s.Size));
        static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
    }

    private static List<T> Rows<T>(string archive, string name, Func<Func<string, string>, T> read)
    {
        var path = Path.Combine(archive, name);
        if (!File.Exists(path)) throw new UserErrorException($"{archive} holds no phantoms: it lacks {name}. Expected a folder that 'radtex phantoms' made.");
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
