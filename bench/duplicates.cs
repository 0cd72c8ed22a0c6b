#:project ../src/RadTex/RadTex.csproj
#:package NetVips

// What the search for duplicates finds and what it does not, on real radiographs: copies of every picture of a folder, re-encoded, resized
// and turned, against the originals; and pairs of different patients among the originals.
//   dotnet run -c Release bench/duplicates.cs -- FOLDER_OF_PNG [PATIENT_DIGITS]
// A patient is the first PATIENT_DIGITS (8) characters of a file's name, as in NIH ChestX-ray14. Prints Markdown tables; names pairs of different
// patients that it takes for one exposure, for a person to look at.

using System.Diagnostics;
using NetVips;
using RadTex.Data;
using RadTex.Imaging;
using RadTex.Inspection;
using RadTex.Preparing;
using RadTex.Studies;

var files = Directory.GetFiles(args[0], "*.png").Order(StringComparer.Ordinal).ToArray();
int digits = args.Length > 1 ? int.Parse(args[1]) : 8;
string Patient(string file) => Path.GetFileName(file)[..digits];
var work = Directory.CreateTempSubdirectory("radtex-duplicates").FullName;
var reader = new GreyImageReader(256);

(string Name, Func<Image, Image> Change, string Save)[] kinds =
[
    ("re-encoded, JPEG quality 50", i => i.Copy(), ".jpg[Q=50]"),
    ("re-encoded, JPEG quality 20", i => i.Copy(), ".jpg[Q=20]"),
    ("half as large", i => i.Resize(0.5), ".png"),
    ("one and a half times as large", i => i.Resize(1.5), ".png"),
    ("turned by 2 degrees", i => i.Rotate(2), ".png"),
    (
        "turned by -2 degrees, same canvas",
        i => { var r = i.Rotate(-2); return r.Crop((r.Width - i.Width) / 2, (r.Height - i.Height) / 2, i.Width, i.Height); }, ".png"),
    ("turned by 2 degrees, 0.6 as large, JPEG quality 70", i => i.Rotate(2).Resize(0.6), ".jpg[Q=70]"),
    ("gamma 1.5", i => i.Gamma(1.5), ".png"),
    ("histogram equalised", i => i.HistEqual(), ".png"),
    ("turned by 4 degrees (beyond what is promised)", i => i.Rotate(4), ".png"),
    ("5% of each edge cut off (beyond what is promised)", i => i.Crop(i.Width / 20, i.Height / 20, i.Width * 9 / 10, i.Height * 9 / 10), ".png"),
];

PreparedDataset Prepare(string name, Func<string, string> path)
{
    var images = new GreyImage[files.Length];
    Parallel.For(0, files.Length, i => images[i] = reader.Read(path(files[i])));
    var writer = new PreparedDatasetWriter([], 256);
    for (int i = 0; i < files.Length; i++)
        writer.Add(
            new(Path.GetFileName(files[i]), Patient(files[i]), $"{i}", "PA", Split.Train, null, []), images[i].Pixels, images[i].Height,
            images[i].Width);
    writer.Write(Path.Combine(work, name));
    return PreparedDataset.Open(Path.Combine(work, name));
}

double SimilarityOf(PreparedDataset a, int i, PreparedDataset b, int j) =>
    AlignedSimilarity.Of(a.Pixels(i), a[i].Height, a[i].Width, b.Pixels(j), b[j].Height, b[j].Width);

using var originals = Prepare("originals", file => file);
var rows = Enumerable.Range(0, files.Length).ToArray();
var prints = rows.Select(i => ImageFingerprint.Of(originals.Pixels(i), originals[i].Height, originals[i].Width)).ToArray();
Console.WriteLine(
    $"| copies of {files.Length} radiographs | found | bits that differ at one scale: median, 99%, most | "
        + "similarity: least, median | pairs found between different patients |");
Console.WriteLine("| --- | --- | --- | --- | --- |");
for (int k = 0; k < kinds.Length; k++)
{
    var (name, change, save) = kinds[k];
    var folder = Directory.CreateDirectory(Path.Combine(work, $"copies{k}")).FullName;
    string CopyOf(string file) => Path.Combine(folder, Path.GetFileNameWithoutExtension(file) + save.Split('[')[0]);
    Parallel.ForEach(files, file =>
    {
        using var original = Image.NewFromFile(file);
        using var grey = original.Bands > 1 ? original.Colourspace(Enums.Interpretation.Bw)[0] : original.Copy();
        using var copy = change(grey);
        copy.Cast(Enums.BandFormat.Uchar).WriteToFile(CopyOf(file) + (save.Contains('[') ? save[save.IndexOf('[')..] : ""));
    });
    using var copies = Prepare($"prepared{k}", CopyOf);
    var found = DuplicateFinder.FindBetween(originals, rows, copies, rows);
    var bits = rows.Select(i => ImageFingerprint.Distance(prints[i], ImageFingerprint.Of(copies.Pixels(i), copies[i].Height, copies[i].Width)))
        .Order().ToArray();
    var alike = rows.AsParallel().Select(i => SimilarityOf(originals, i, copies, i)).Order().ToArray();
    int recalled = found.Where(p => p.First == p.Second).Select(p => p.First).Distinct().Count();
    int strangers = found.Count(p => Patient(files[p.First]) != Patient(files[p.Second]));
    Console.WriteLine(
        $"| {name} | {recalled} ({100.0 * recalled / files.Length:F1}%) | {bits[bits.Length / 2]}, "
            + $"{bits[bits.Length * 99 / 100]}, {bits[^1]} | {alike[0]:F3}, {alike[alike.Length / 2]:F3} | {strangers} |");
}

var pairs = DuplicateFinder.Find(originals, false);
Console.WriteLine($"\nAmong the originals: {pairs.Count} pairs.");
foreach (var pair in pairs)
    Console.WriteLine($"- {Path.GetFileName(files[pair.First])} and {Path.GetFileName(files[pair.Second])}: similarity {pair.Similarity:F3}, "
        + (Patient(files[pair.First]) == Patient(files[pair.Second]) ? "one patient" : "DIFFERENT PATIENTS"));

var distances = (
    from i in rows.AsParallel() from j in rows
        .Skip(i + 1) where Patient(files[i]) != Patient(files[j]) select (i, j, Distance: ImageFingerprint.Distance(prints[i], prints[j]))).ToArray();
var nearest = distances.Where(d => d.Distance <= 85).AsParallel()
    .Select(d => (d.i, d.j, d.Distance, Similarity: SimilarityOf(originals, d.i, originals, d.j))).OrderByDescending(d => d.Similarity).Take(5);
Console.WriteLine($"\nDifferent patients: {distances.Length:N0} pairs; the nearest fingerprints differ in {distances.Min(d => d.Distance)} bits, "
    + "one pair in 10,000 in at most " + $"{distances.Select(d => d.Distance).Order().ElementAt(distances.Length / 10_000)}, the median in "
    + $"{distances.Select(d => d.Distance).Order().ElementAt(distances.Length / 2)}.");
Console.WriteLine("The most similar of those that differ in at most 85 bits: "
    + string.Join(
        "; ", nearest.Select(n => $"{Path.GetFileName(files[n.i])} and {Path.GetFileName(files[n.j])} {n.Similarity:F3} ({n.Distance} bits)")) + ".");
var clock = Stopwatch.StartNew();
foreach (int i in rows) _ = ImageFingerprint.Of(originals.Pixels(i), originals[i].Height, originals[i].Width);
double fingerprintMilliseconds = clock.Elapsed.TotalMilliseconds / rows.Length;
clock.Restart();
for (int i = 0; i + 1 < rows.Length; i++) _ = SimilarityOf(originals, i, originals, i + 1);
double similarityMilliseconds = clock.Elapsed.TotalMilliseconds / rows.Length;
clock.Restart();
int sink = 0;
for (int round = 0; round < 100; round++)
    foreach (int i in rows) for (int j = 0; j < prints.Length; j++) sink += ImageFingerprint.Distance(prints[i], prints[j]);
Console.WriteLine(
    $"\nOn one core: a fingerprint {fingerprintMilliseconds:F2} ms, an alignment {similarityMilliseconds:F2} ms, a "
        + $"comparison of fingerprints {clock.Elapsed.TotalNanoseconds / 100 / rows.Length / rows.Length:F1} " + $"ns{(sink < 0 ? "!" : "")}.");
Directory.Delete(work, true);
