// Opens every package of RadTex in a folder and holds it to what a package ought to be: a readme, an icon and an SPDX licence; symbols with the
// source of every file that was compiled, of the assembly that is packed; in a tool's package programs and native libraries of its platform alone,
// with the notices of all that is inside; in a library's package nothing of others. Prints a table for docs/results/packages.md; ends with 1 at any
// fault.
//   dotnet run -c Release bench/look-into-packages.cs -- FEED VERSION

using System.Globalization;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

var (feed, version) = (args[0], args[1]);
var embeddedSource = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
var faults = new List<string>();
Console.WriteLine("| package | MB | files | sources in its symbols | native libraries | licences inside |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
var packages = Directory.GetFiles(feed, $"RadTex*.{version}.nupkg").Order(StringComparer.Ordinal).ToArray();
if (packages.Length == 0) faults.Add($"no package RadTex*.{version}.nupkg in {feed}");
foreach (var package in packages) Look(package);
foreach (var fault in faults) Console.Error.WriteLine(fault);
return faults.Count == 0 ? 0 : 1;

void Look(string path)
{
    var name = Path.GetFileNameWithoutExtension(path)[..^(version.Length + 1)];
    void Fault(string what) => faults.Add($"{Path.GetFileName(path)}: {what}");
    using var zip = ZipFile.OpenRead(path);
    var metadata = XDocument.Parse(Text(zip.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)))).Root!
        .Elements().First(e => e.Name.LocalName == "metadata");
    string Value(string of) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == of)?.Value.Trim() ?? "";
    bool isPlatforms = Regex.IsMatch(name, @"^RadTex\.Tool\.\w+-\w+$"), isPointer = name == "RadTex.Tool";
    if (Value("license") != "Apache-2.0") Fault($"its licence is '{Value("license")}', expected Apache-2.0");
    if (Value("description").Length == 0) Fault("it has no description");
    if (zip.GetEntry(Value("readme")) is not { Length: > 100 }) Fault($"its readme '{Value("readme")}' is not in it");
    if (zip.GetEntry(Value("icon")) is null) Fault($"its icon '{Value("icon")}' is not in it");
    string natives = "none", licences = "its own";
    var found = zip.Entries.Select(e => (e.FullName, Platform: PlatformOf(e))).Where(e => e.Platform is not null).ToArray();
    if (isPlatforms)
    {
        var platform = name["RadTex.Tool.".Length..];
        foreach (var (file, of) in found.Where(f => f.Platform != platform)) Fault($"{file} is for {of}");
        natives = found.Length.ToString(CultureInfo.InvariantCulture);
        licences = Licences(zip, Fault);
    }
    else
        foreach (var (file, of) in found) Fault($"{file} is native code for {of}; a library leaves that to its dependencies");
    if (!isPlatforms && !isPointer)
        foreach (var entry in zip.Entries.Where(e => e.FullName.EndsWith(".dll", StringComparison.Ordinal) && e.Name != name + ".dll"))
            Fault($"{entry.FullName} is not its own");
    if (zip.Entries.Any(e => e.FullName.EndsWith(".pdb", StringComparison.Ordinal))) Fault("it holds symbols, which are a package of their own");
    var symbols = isPlatforms || isPointer ? "" : Symbols(path, zip.GetEntry($"lib/net10.0/{name}.dll"), Fault);
    var size = (new FileInfo(path).Length / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
    Console.WriteLine($"| {name} | {size} | {zip.Entries.Count} | {symbols} | {natives} | {licences} |");
}

// How many of the compiled files have their source in the symbols, which must be those of the packed assembly.
string Symbols(string package, ZipArchiveEntry? assembly, Action<string> fault)
{
    var path = Path.ChangeExtension(package, ".snupkg");
    if (!File.Exists(path) || assembly is null)
    {
        fault(assembly is null ? "it has no assembly" : "it has no package of symbols");
        return "none";
    }
    using var image = new PEReader(Bytes(assembly));
    var id = image.ReadCodeViewDebugDirectoryData(image.ReadDebugDirectory().First(e => e.Type == DebugDirectoryEntryType.CodeView)).Guid;
    using var zip = ZipFile.OpenRead(path);
    using var provider = MetadataReaderProvider
        .FromPortablePdbStream(Bytes(zip.Entries.Single(e => e.Name.EndsWith(".pdb", StringComparison.Ordinal))));
    var reader = provider.GetMetadataReader();
    if (new BlobContentId(reader.DebugMetadataHeader!.Id).Guid != id) fault("its symbols are of another build");
    int all = 0, with = 0;
    foreach (var handle in reader.Documents)
    {
        all++;
        if (reader.GetCustomDebugInformation(handle).Any(i => reader.GetGuid(reader.GetCustomDebugInformation(i).Kind) == embeddedSource)) with++;
        else fault($"the source of {reader.GetString(reader.GetDocument(handle).Name)} is not in its symbols");
    }
    return $"{with} of {all}";
}

// The licences that the notices name, by how many packages are under each.
static string Licences(ZipArchive zip, Action<string> fault)
{
    if (zip.Entries.FirstOrDefault(e => e.Name == "THIRD-PARTY-NOTICES.txt") is not { } entry)
    {
        fault("it has no THIRD-PARTY-NOTICES.txt");
        return "none";
    }
    var named = Regex.Matches(Text(entry), "^Licence: (.+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToArray();
    if (named.Length < 20) fault($"its notices name {named.Length} packages");
    return string.Join(", ", named.CountBy(l => l).OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal)
        .Select(l => $"{(l.Key == "the text below" ? "a text of its own" : l.Key)} {l.Value}"));
}

// The platform of native code by the file's own head; null where it is none.
static string? PlatformOf(ZipArchiveEntry entry)
{
    if (entry.Length < 64) return null;
    var head = new byte[64];
    using (var stream = entry.Open()) stream.ReadExactly(head);
    return (BitConverter.ToUInt32(head, 0), BitConverter.ToUInt16(head, 18), BitConverter.ToUInt32(head, 4)) switch
    {
        (0x464C457F, 62, _) => "linux-x64",
        (0x464C457F, 183, _) => "linux-arm64",
        (0xFEEDFACF, _, 0x0100000C) => "osx-arm64",
        (0xFEEDFACF, _, 0x01000007) => "osx-x64",
        (0xBEBAFECA, _, _) => "osx-arm64", // for several processors at once
        (var word, _, _) when (word & 0xFFFF) == 0x5A4D => Native(entry),
        _ => null,
    };
}

static string? Native(ZipArchiveEntry entry)
{
    using var image = new PEReader(Bytes(entry));
    if (image.HasMetadata) return null;
    return image.PEHeaders.CoffHeader.Machine == Machine.Amd64 ? "win-x64" : $"win-{image.PEHeaders.CoffHeader.Machine}";
}

static MemoryStream Bytes(ZipArchiveEntry entry)
{
    var bytes = new MemoryStream();
    using (var stream = entry.Open()) stream.CopyTo(bytes);
    bytes.Position = 0;
    return bytes;
}

static string Text(ZipArchiveEntry entry)
{
    using var reader = new StreamReader(entry.Open());
    return reader.ReadToEnd();
}
