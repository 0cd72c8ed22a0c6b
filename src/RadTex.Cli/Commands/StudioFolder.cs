using RadTex.Data;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studio.Pictures;

namespace RadTex.Cli.Commands;

/// <summary>A folder of DICOM files or pictures that <c>radtex studio</c> is given in place of a dataset.</summary>
internal static class StudioFolder
{
    /// <summary>Whether it is a folder of pictures, rather than a dataset, or nothing at all.</summary>
    internal static bool Is(string given) => !File.Exists(Path.Combine(given, DatasetFiles.Manifest)) && Directory.Exists(given);

    /// <summary>A folder of pictures becomes a dataset beside the project.</summary>
    internal static string Prepare(string given, string project, string? pattern, FolderPreview preview, CancellationToken cancellation)
    {
        var prepared = project + ".dataset";
        using var display = new ProgressDisplay();
        // All of it may be asked: what is not labelled can be tested on later.
        var studies = new StudyOptions(Fractions: new(1, 0, 0));
        _ = DatasetPreparation.Run(
            new FolderSource(given, pattern, ownPatient: OwnPatients.Under(project + ".patients")), new(prepared, studies), new MessageLogger(),
            new Both(display, preview), cancellation);
        return prepared;
    }

    private sealed class Both(IProgress<ProgressReport> one, IProgress<ProgressReport> other) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value)
        {
            one.Report(value);
            other.Report(value);
        }
    }
}
