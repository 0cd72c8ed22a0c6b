using System.Text.RegularExpressions;
using RadTex.Studies.Tables;

namespace RadTex.Studies.Archives;

/// <summary>
/// A folder of pictures and nothing else: every JPEG, PNG, TIFF and DICOM file in it and its subfolders. What is a patient is told by a pattern, else
/// by the subfolder, else each picture counts as one. Only DICOM files state their view.
/// </summary>
public sealed class FolderSource : StudySource
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(200);

    private readonly string? pattern, archive;
    private readonly Regex? regex;
    private readonly Func<string, string?>? ownPatient;

    /// <summary>A folder of pictures; nothing is read yet.</summary>
    /// <exception cref="UserErrorException">The pattern is no regular expression.</exception>
    /// <param name="root">The folder.</param>
    /// <param name="patientPattern">A regular expression on the relative path, whose first group is the patient, such as <c>^(\d{8})_</c>; null for
    /// the subfolder.</param>
    /// <param name="archive">Whose patients these are, such as <c>nih-cxr14</c>; null where it is not known.</param>
    /// <param name="ownPatient">What a file, by its full path, says of its patient; null where it says nothing, and then the subfolder counts. Not
    /// asked where there is a pattern.</param>
    public FolderSource(string root, string? patientPattern = null, string? archive = null, Func<string, string?>? ownPatient = null)
    {
        (Root, pattern, this.archive, this.ownPatient) = (root, patientPattern, archive, ownPatient);
        if (patientPattern is null) return;
        try { regex = new Regex(patientPattern, RegexOptions.CultureInvariant, PatternTime); }
        catch (ArgumentException e)
        {
            throw new UserErrorException($"The setting 'patient-pattern' = {patientPattern} is no regular expression: {e.Message}", e);
        }
        if (regex.GetGroupNumbers().Length < 2)
            throw new UserErrorException(
                $@"The setting 'patient-pattern' = {patientPattern} has no group. Expected one in brackets that is the patient, "
                    + $@"such as ^(\d{{8}})_.");
    }

    /// <summary>What the product knows of this archive.</summary>
    public static Archive Archive { get; } = new(
        "folder", "A folder of pictures and nothing else.", "A folder of pictures.",
        (root, values) => new FolderSource(root, values["patient-pattern"], values["archive"]))
    {
        RootName = "DIR",
        Family = null,
        Options =
        [
            new(
                "patient-pattern",
                @"A regular expression on the relative path whose first group is the patient, such as ^(\d{8})_. Default: the subfolder.", "REGEX"),
            TableSource.WhosePatients,
        ],
    };

    /// <inheritdoc/>
    public override string Name => Archive.Name;

    /// <inheritdoc/>
    public override string Root { get; }

    /// <inheritdoc/>
    public override bool TextsAreReports => false;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Options =>
        new Dictionary<string, string?> { ["patient_pattern"] = pattern, ["archive"] = archive }
        .Where(o => o.Value is not null).ToDictionary(o => o.Key, o => o.Value!);

    /// <inheritdoc/>
    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation)
    {
        var images = new SourceFolder(Root);
        var found = PictureFolder.Require(Root);
        var files = found.Pictures;
        var rejects = found.LeftOut.Select(l => new Reject("", 0, l.Path, RejectReason.NotAFile, l.Reason)).ToList();
        bool nested = files.Any(f => f.Contains('/', StringComparison.Ordinal));
        return new SourceTables([], List(found, rejects), images, [])
        {
            Rejects = rejects,
            Notes = [
                regex is not null ? $"patients: by the pattern {pattern}"
                    : ownPatient is not null ? "patients: what each file says of its own; where it says nothing, the subfolder"
                    : nested ? "patients: the subfolders; a picture in none counts as one"
                    : "patients: each picture counts as one; name them with the setting 'patient-pattern'"],
        };
    }

    private IEnumerable<Radiograph> List(PictureFolder found, List<Reject> rejects)
    {
        long row = 0;
        foreach (var file in found.Pictures)
        {
            row++;
            if (found.Doubles.TryGetValue(file, out var other)) // twice in a dataset it could be of two patients
            {
                rejects.Add(new Reject("", row, file, RejectReason.NotAFile, $"a link to {other}, which is listed itself"));
                continue;
            }
            if (PatientOf(file) is not { } patient)
            {
                rejects.Add(new Reject("", row, file, RejectReason.NoPatientId, "the pattern finds no patient in its path"));
                continue;
            }
            yield return new Radiograph(
                file, patient, Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : file, "", file, null, null, null, [], "", row);
        }
    }

    private string? PatientOf(string file)
    {
        if (regex is null && ownPatient?.Invoke(Path.Combine(Root, file)) is { } own) return own;
        if (regex is null) return file.IndexOf('/', StringComparison.Ordinal) is > 0 and int at ? file[..at] : file;
        try { return regex.Match(file) is { Success: true } match && match.Groups[1].Value.Length > 0 ? match.Groups[1].Value : null; }
        catch (RegexMatchTimeoutException e)
        {
            throw new UserErrorException(
            $"The setting 'patient-pattern' = {pattern} takes too long on {file}. Expected a simpler one.", e);
        }
    }
}
