using System.Formats.Tar;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using RadTex.Files;
using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>Open-I's reports as XML, in NLMCXR_reports.tgz or unpacked.</summary>
internal static class OpenIXml
{
    /// <summary>A report has some 10 kB, and there are 3,955.</summary>
    private const long LargestBytes = 1 << 20;

    private const int MostReports = 100_000;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LargestBytes,
        IgnoreComments = true,
    };

    /// <summary>The archive or folder of reports in a root folder; null where there is neither.</summary>
    internal static string? Find(string root)
    {
        foreach (var name in new[] { "ecgen-radiology", "NLMCXR_reports/ecgen-radiology", "NLMCXR_reports", "." })
        {
            var folder = Path.Combine(root, name);
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.xml").Any()) return folder;
        }
        return Directory.EnumerateFiles(root, "NLMCXR_reports.t*gz").Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>The reports in the order of their numbers; those that are damaged become rejects.</summary>
    internal static IReadOnlyList<OpenIReport> Read(
        string path, IReadOnlyDictionary<string, string> views, List<Reject> rejects, CancellationToken cancellation)
    {
        var reports = new List<OpenIReport>();
        foreach (var (name, open) in Directory.Exists(path) ? Files(path) : Entries(path))
        {
            cancellation.ThrowIfCancellationRequested();
            if (reports.Count >= MostReports)
                throw new UserErrorException($"{path} has more than {MostReports:N0} reports. Expected Open-I's 3,955; check the path.");
            try
            {
                using var stream = open();
                using var reader = XmlReader.Create(stream, Settings);
                reports.Add(Parse(XDocument.Load(reader), name, views));
            }
            catch (Exception e) when (e is XmlException or InvalidDataException)
            {
                rejects.Add(new Reject(name, 1, "", RejectReason.MalformedRow, "no report in XML as Open-I writes it"));
            }
        }
        return [.. reports.OrderBy(
            r => long.TryParse(r.Id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue).ThenBy(r => r.Id,
            StringComparer.Ordinal)];
    }

    private static OpenIReport Parse(XDocument document, string name, IReadOnlyDictionary<string, string> views)
    {
        var root = document.Root?.Name.LocalName == "eCitation" ? document.Root : throw new InvalidDataException();
        var id = root.Element("uId")?.Attribute("id")?.Value.Trim() is { Length: > 3 } uid && uid.StartsWith("CXR", StringComparison.Ordinal)
            ? uid[3..]
            : throw new InvalidDataException();
        var sections = root.Descendants("AbstractText").SelectMany(t => OpenIReport.Section(t.Attribute("Label")?.Value ?? "", t.Value))
            .Where(s => s.Header.Length > 0);
        var headings = root.Elements("MeSH").Elements("major").Select(m => m.Value.Split('/')[0].Trim()).Where(h => h.Length > 0).Distinct();
        var images = root.Elements("parentImage").Select(i => i.Attribute("id")?.Value.Trim() ?? "").Where(i => i.Length > 0).Distinct()
            .Select(i => (i, $"{i}.png", views.GetValueOrDefault(i, "")));
        return new OpenIReport(id, [.. sections], [.. headings], [.. images], name, 1);
    }

    private static IEnumerable<(string Name, Func<Stream> Open)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal)
            .Select(
                file => (
                    Path.GetFileName(file),
                    (Func<Stream>)(
                        () => RegularFile.Fault(file) is null && new FileInfo(file).Length <= LargestBytes
                            ? RegularFile.OpenRead(file)
                            : throw new InvalidDataException())));

    private static IEnumerable<(string Name, Func<Stream> Open)> Entries(string archive)
    {
        using var unpacked = new WholeGzipStream(RegularFile.OpenRead(archive));
        using var tar = new TarReader(unpacked);
        while (Next(tar, archive) is { } entry)
        {
            if (
                entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    || !entry.Name.EndsWith(".xml", StringComparison.Ordinal)) continue;
            yield return (
                Path.GetFileName(entry.Name),
                () => entry.DataStream is { } data && entry.Length <= LargestBytes ? data : throw new InvalidDataException());
        }
    }

    private static TarEntry? Next(TarReader tar, string archive)
    {
        try { return tar.GetNextEntry(); }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            throw new UserErrorException($"{archive} cannot be read: {e.Message} Expected Open-I's reports, whole; fetch the file again.", e);
        }
    }
}
