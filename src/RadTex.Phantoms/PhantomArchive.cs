using System.Globalization;
using System.Text;
using NetVips;
using RadTex.Files;

namespace RadTex.Phantoms;

/// <summary>
/// Writes a set of phantoms as a folder in the layout of MIMIC-CXR-JPG 2.0.0 (<c>files/p10/p10000032/s50414267/DICOM_ID.jpg</c>, reports as
/// <c>files/p10/p10000032/s50414267.txt</c>, the csv.gz files at the top), with <c>phantom-truth.csv.gz</c> and <c>phantom-boxes.csv.gz</c> beside
/// them. As DICOM, the layout is that of MIMIC-CXR 2.0.0, with <c>cxr-record-list.csv.gz</c>.
/// </summary>
public static class PhantomArchive
{
    /// <summary>A row a radiograph: which findings were drawn, and how plainly.</summary>
    public const string TruthTable = "phantom-truth.csv.gz";

    private const string ReadmeName = "README-SYNTHETIC.txt";
    private const int JpegQuality = 95;

    // A JPEG comment tells a picture that has left its folder from a patient's.
    private static readonly byte[] Comment = Encoding.ASCII.GetBytes("SYNTHETIC radiograph (RadTex phantom). Not a patient.");

    /// <summary>Writes the set. The same call after an interruption completes it; equal options give equal bytes, whatever the threads.</summary>
    /// <param name="options">What the set follows from.</param>
    /// <param name="folder">A new or empty folder, or one begun with the same options, or with a smaller count, which is then gone on with.</param>
    /// <param name="replace">Whether a folder of phantoms made with other options may be replaced; any other folder never is.</param>
    /// <param name="threads">Workers; 0 for one a processor.</param>
    /// <param name="progress">Told of each patient.</param>
    /// <param name="cancellation">Stops between two patients.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="UserErrorException">An option is out of range, the folder holds something else, or it cannot be written.</exception>
    public static PhantomManifest Write(
        PhantomOptions options, string folder, bool replace = false, int threads = 0, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        options.Validate();
        if (threads is < 0 or > 1024) throw new UserErrorException($"{threads:N0} threads: expected 0 to 1,024.");
        OutputFile.RequirePath(folder);
        folder = Path.GetFullPath(folder);
        if (Claim(options, folder, replace) is { } whole) return whole;

        var planner = new PhantomPlanner(options);
        var limits = new List<int>(); // radiographs of each patient; only the last is cut
        for (int left = options.Count; left > 0; left -= limits[^1]) limits.Add(Math.Min(left, planner.CountRadiographs(limits.Count)));

        var tables = new PhantomTables();
        var summary = new Summary();
        int workers = threads > 0 ? threads : Environment.ProcessorCount;
        NetVips.NetVips.Concurrency = 1; // the patients are what runs in parallel
        using var renderers = new ThreadLocal<PhantomRenderer>(() => new PhantomRenderer());
        // In blocks, so that memory is bounded and the tables are in order.
        int block = 32 * workers;
        for (int start = 0; start < limits.Count; start += block)
        {
            cancellation.ThrowIfCancellationRequested();
            var results = new PatientResult[Math.Min(block, limits.Count - start)];
            try
            {
                int first = start;
                Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, i =>
                    results[i] = WritePatient(options, planner.Plan(first + i, limits[first + i]), folder, renderers.Value!));
            }
            catch (AggregateException e) when (e.InnerExceptions.OfType<UserErrorException>().FirstOrDefault() is { } mistake)
            {
                throw new UserErrorException(mistake.Message, e);
            }
            foreach (var result in results) Tabulate(options, result, tables, summary);
            progress?.Report(new ProgressReport("drawing", summary.Radiographs, options.Count, "radiographs"));
        }
        AtomicFile.WriteAllText(Path.Combine(folder, ReadmeName), Readme);
        tables.Write(options, folder);
        var manifest = PhantomManifest.Begin(options) with
        {
            IsComplete = true,
            Patients = limits.Count,
            Studies = summary.Studies,
            Radiographs = summary.Radiographs,
            ReportsWithoutFindings = summary.WithoutFindings,
            RadiographsByFinding = PhantomFindings.Names.ToDictionary(n => n, n => summary.ByFinding.GetValueOrDefault(n)),
            RadiographsBySplit = new[] { "train", "validate", "test" }.ToDictionary(n => n, n => summary.BySplit.GetValueOrDefault(n)),
        };
        manifest.Write(folder);
        return manifest;
    }

    private sealed class Summary
    {
        internal int Studies, Radiographs, WithoutFindings;
        internal readonly Dictionary<string, int> ByFinding = [], BySplit = [];
    }

    private sealed record PatientResult(
        PhantomPatient Patient, List<(LabelTally Labels, bool HasFindings)> Reports,
        List<(Exposure Exposure, IReadOnlyList<PhantomBox> Boxes)> Drawn);

    /// <summary>Makes the folder ours, or says why it cannot be; returns the manifest of a set that is whole already.</summary>
    private static PhantomManifest? Claim(PhantomOptions options, string folder, bool replace)
    {
        try
        {
            if (File.Exists(folder))
                throw new UserErrorException($"{folder} is a file. Expected a folder for the phantoms: choose another setting 'out'.");
            if (
                Directory.Exists(folder)
                    && Directory.EnumerateFileSystemEntries(folder).Any(e => !e.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal)))
            {
                var found = PhantomManifest.Read(folder);
                if (found is null)
                    throw new UserErrorException(
                        $"{folder} holds files that are no phantoms. Nothing was written; choose a new or empty folder for the setting 'out'.");
                // The count only says where to stop: a set that is to hold more is gone on with.
                bool extends = found.Options.Count <= options.Count && found.Options with { Count = options.Count } == options;
                if (extends && found.FormatVersion == PhantomManifest.CurrentFormatVersion)
                {
                    if (found.Options == options && found.IsComplete && !replace && PhantomTables.FilesOf(options, folder).All(File.Exists))
                        return found;
                }
                else if (!replace)
                    throw new UserErrorException(
                        $"{folder} holds other phantoms: {Differences(found, options)}. "
                            + "Choose another setting 'out', or add the setting 'force' to replace them.");
                else if (Directory.Exists(Path.Combine(folder, "files"))) Directory.Delete(Path.Combine(folder, "files"), recursive: true);
                // a set that is being written has no tables
                foreach (var table in PhantomTables.FilesOf(options, folder).Where(File.Exists)) File.Delete(table);
            }
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(folder, e);
        }
        PhantomManifest.Begin(options).Write(folder);
        return null;
    }

    private static string Differences(PhantomManifest found, PhantomOptions asked)
    {
        var there = found.Options;
        (string Name, object There, object Asked)[] settings =
        [
            ("format", found.FormatVersion, PhantomManifest.CurrentFormatVersion),
            ("count", there.Count, asked.Count),
            ("seed", there.Seed, asked.Seed),
            ("size", there.ShortSidePixels, asked.ShortSidePixels),
            ("difficulty", there.Difficulty, asked.Difficulty),
            ("report style", there.ReportStyle, asked.ReportStyle),
            ("balanced by view", there.BalancedByView, asked.BalancedByView),
            ("bits of DICOM", there.DicomBits, asked.DicomBits),
        ];
        return string.Join("; ", settings.Where(s => !s.There.Equals(s.Asked) && !(s.Name == "count" && there.Count < asked.Count))
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} is {s.There} there, {s.Asked} now")));
    }

    /// <summary>Where a study's radiographs lie, relative to the folder.</summary>
    internal static string PathOf(PhantomPatient patient, PhantomStudy study) =>
        $"files/p{patient.SubjectId / 1_000_000}/p{patient.SubjectId}/s{study.StudyId}";

    private static PatientResult WritePatient(PhantomOptions options, PhantomPatient patient, string folder, PhantomRenderer renderer)
    {
        var result = new PatientResult(patient, [], []);
        foreach (var study in patient.Studies)
        {
            var studyFolder = Path.Combine(folder, PathOf(patient, study));
            var (text, labels) = ReportWriter.Write(options, patient, study);
            try { Directory.CreateDirectory(studyFolder); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(studyFolder, e); }
            WriteIfChanged(studyFolder + ".txt", Encoding.ASCII.GetBytes(text));
            result.Reports.Add((labels, text.Contains("\n FINDINGS:", StringComparison.Ordinal)));
            for (int e = 0; e < study.Exposures.Count; e++)
            {
                var exposure = study.Exposures[e];
                bool isDicom = options.DicomBits > 0;
                var radiograph = renderer.Render(patient, study, e, bits: isDicom ? options.DicomBits : 8);
                var bytes = isDicom ? PhantomDicom.Bytes(patient, study, exposure, radiograph, options.DicomBits) : ToJpeg(radiograph);
                WriteIfChanged(Path.Combine(studyFolder, exposure.DicomId + (isDicom ? ".dcm" : ".jpg")), bytes);
                result.Drawn.Add((exposure, radiograph.Boxes));
            }
        }
        return result;
    }

    private static byte[] ToJpeg(PhantomRadiograph radiograph)
    {
        using var image = Image.NewFromMemory(radiograph.Pixels, radiograph.Width, radiograph.Height, 1, Enums.BandFormat.Uchar);
        var jpeg = image.JpegsaveBuffer(q: JpegQuality, keep: Enums.ForeignKeep.None);
        // FF D8, then our comment segment (FF FE, length with its own two bytes), then the rest.
        byte[] head = [0xFF, 0xD8, 0xFF, 0xFE, (byte)((Comment.Length + 2) >> 8), (byte)(Comment.Length + 2)];
        return [.. head, .. Comment, .. jpeg.AsSpan(2)];
    }

    /// <summary>
    /// Writes a file whole or not at all. Its bytes follow from the options, so a file that is there and equal is left; no flush to the disk
    /// a file (it would cost more than drawing): the tables, written last and flushed, are what makes a set complete.
    /// </summary>
    private static void WriteIfChanged(string path, byte[] bytes)
    {
        try
        {
            var there = new FileInfo(path);
            if (there.Exists && there.Length == bytes.Length && RegularFile.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return;
            var temporary = path + AtomicFile.TemporarySuffix;
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(path, e);
        }
    }

    private static void Tabulate(PhantomOptions options, PatientResult result, PhantomTables tables, Summary summary)
    {
        for (int i = 0; i < result.Patient.Studies.Count; i++)
        {
            var study = result.Patient.Studies[i];
            tables.Add(options, result.Patient, study, result.Reports[i].Labels);
            summary.Studies++;
            if (!result.Reports[i].HasFindings) summary.WithoutFindings++;
            foreach (var finding in Enum.GetValues<PhantomFinding>().Where(study.Has))
                summary.ByFinding[finding.Name()] = summary.ByFinding.GetValueOrDefault(finding.Name()) + study.Exposures.Count;
            summary.BySplit[result.Patient.Split] = summary.BySplit.GetValueOrDefault(result.Patient.Split) + study.Exposures.Count;
        }
        foreach (var (exposure, boxes) in result.Drawn)
        {
            tables.Add(exposure, boxes);
            summary.Radiographs++;
        }
    }

    private const string Readme =
        """
        SYNTHETIC DATA. The radiographs, reports, dates and identifiers in this folder were
        made by a program (RadTex, its phantoms). No patient is behind any of them, and nothing
        learnt from them is evidence about patients.

        The layout is that of MIMIC-CXR-JPG 2.0.0 so that the same reader reads both; the
        numbers lie in MIMIC's ranges and mean nothing in MIMIC. phantoms.json says what the
        set follows from. mimic-cxr-2.0.0-chexpert.csv.gz and -negbio.csv.gz (equal) hold what
        each report says: 1 positive, 0 negative, -1 uncertain, blank not mentioned.
        phantom-truth.csv.gz holds what was drawn, phantom-boxes.csv.gz where, in pixels.
        All is described in docs/phantoms.md of RadTex.

        """;
}
