using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// Open-I, the Indiana University chest X-ray collection: NLM's XML reports (NLMCXR_reports.tgz or unpacked) with PNG files named by image id, or
/// Kaggle's two tables. Labels are the MeSH headings that indexers gave the reports. Patients are not given: each report counts as one.
/// </summary>
/// <param name="root">The folder with the reports and the pictures.</param>
public sealed class OpenISource(string root) : StudySource
{
    /// <summary>Headings of fewer reports than this are left out.</summary>
    public const int FewestReports = 20;

    private const string Described = "Open-I (openi.nlm.nih.gov/faq: NLMCXR_reports.tgz and NLMCXR_png.tgz)", NotIndexed = "No Indexing";

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "open-i", "Open-I, the Indiana University collection: NLM's or Kaggle's files.",
        "The folder with NLMCXR_reports.tgz (or its XML, or Kaggle's tables) and the images.", (root, _) => new OpenISource(root))
    {
        Marks = [new("NLMCXR_reports.tgz")],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; } = root;

    /// <inheritdoc/>
    public override bool TextsAreReports => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options => new Dictionary<string, string> { ["fewest_reports"] = $"{FewestReports}" };

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var images = new SourceFolder(Root);
        var rejects = new List<Reject>();
        var (reports, paths, views) = ReadReports(rejects, cancellation);
        if (reports.Count == 0) throw new UserErrorException($"{Root}: none of the files is a report. Expected the reports of {Described}.");
        var labels = new PresentLabels(FewestReports);
        foreach (var report in reports.Where(IsIndexed)) labels.Count(report.Headings);
        int unpictured = reports.Count(r => r.Images.Count == 0);
        return new SourceTables(labels.Names, List(reports, labels), images, paths)
        {
            Rejects = rejects,
            Notes = [$"reports without a picture: {unpictured:N0} of {reports.Count:N0}", $"views: {views}",
            $"labels: MeSH headings of at least {FewestReports} reports; {labels.Rare:N0} rarer ones are left out"],
            ReportTexts = [.. reports.Select(r => r.Text)],
            HasTexts = true,
            NoSplitReason = "Open-I has no split of its own",
        };
    }

    private (IReadOnlyList<OpenIReport> Reports, IReadOnlyList<string> Paths, string Views) ReadReports(
        List<Reject> rejects, CancellationToken cancellation)
    {
        string? kaggle = ArchiveFiles.Find(Root, OpenIKaggle.Reports), projections = ArchiveFiles.Find(Root, OpenIKaggle.Projections);
        if (kaggle is not null && projections is not null)
            return (OpenIKaggle.Read(kaggle, projections, cancellation), [kaggle, projections], OpenIKaggle.Projections);
        var path = OpenIXml.Find(Root) ?? throw new UserErrorException(
            $"{Root} has neither NLMCXR_reports.tgz, nor its XML files, nor {OpenIKaggle.Reports} and "
                + $"{OpenIKaggle.Projections}. Expected {Described}, or Kaggle's raddar/chest-xrays-indiana-university.");
        var headers = ArchiveFiles.Find(Root, "nlmcxr_dicom_metadata.csv");
        var views = headers is null ? [] : ReadViews(headers);
        var reports = OpenIXml.Read(path, views, rejects, cancellation);
        return (reports, [.. new[] { Directory.Exists(path) ? null : path, headers }.OfType<string>()], headers is null
            ? "not known; nlmcxr_dicom_metadata.csv.gz (of github.com/mlmed/torchxrayvision) would tell most of them" : Path.GetFileName(headers));
    }

    private IEnumerable<Radiograph> List(IReadOnlyList<OpenIReport> reports, PresentLabels labels)
    {
        var pictures = ArchiveFiles.FindPictures(Root);
        foreach (var report in reports)
        {
            var values = labels.Values(IsIndexed(report) ? report.Headings : []);
            foreach (var (id, file, view) in report.Images)
                yield return new Radiograph(
                    id, report.Id, report.Id, view, pictures.GetValueOrDefault(file, file), report.Text, null, null, values, report.Table,
                    report.Row);
        }
    }

    private static bool IsIndexed(OpenIReport report) => !report.Headings.Contains(NotIndexed);

    private static Dictionary<string, string> ReadViews(string path)
    {
        using var table = Table.Open(path);
        int image = table.Require("imageid"), view = table.Require("View Position");
        var views = new Dictionary<string, string>();
        while (table.Read()) views[table[image].Trim()] = table[view].Trim();
        return views;
    }
}
