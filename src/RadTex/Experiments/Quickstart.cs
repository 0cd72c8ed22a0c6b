using RadTex.Data;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments;

/// <summary>
/// The software shown to a newcomer on synthetic radiographs, no patient data needed: phantoms are drawn, prepared as a dataset
/// and verified. A run that was interrupted goes on; a finished one is found and left as it is.
/// </summary>
/// <param name="Folder">Where everything goes.</param>
/// <param name="Count">Synthetic radiographs to draw.</param>
/// <param name="Seed">The one seed everything follows from.</param>
/// <param name="ShortSide">Their short side in pixels.</param>
public sealed record Quickstart(string Folder, int Count, ulong Seed, int ShortSide)
{
    /// <summary>The archive of synthetic radiographs, in the MIMIC-CXR-JPG layout.</summary>
    public string Archive => Path.Combine(Folder, "phantoms");

    public string Dataset => Path.Combine(Folder, "dataset");

    public string ContactSheetFile => Path.Combine(Folder, "phantoms.png");

    /// <summary>Runs every step that is not done yet.</summary>
    /// <exception cref="UserErrorException">The folder holds something else, or cannot be written.</exception>
    public DatasetManifest Run(IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var options = new PhantomOptions(Count, Seed, ShortSide);
        PhantomArchive.Write(options, Archive, false, 0, progress, cancellation);
        ContactSheet.Write(options, ContactSheetFile);
        // What was drawn goes in beside what the reports say: with phantoms the truth is known.
        string[] truth = [Path.Combine(Archive, "phantom-truth.csv.gz")];
        var source = new MimicCxrJpgSource(Archive, new MimicOptions(Labels: "none"));
        DatasetPreparation.Run(source, new PreparationOptions(Dataset, new StudyOptions(ExtraLabels: truth), ShortSide), progress, cancellation);
        return DatasetVerifier.Verify(Dataset, progress, cancellation);
    }
}
