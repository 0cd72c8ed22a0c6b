using RadTex.Data;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Experiments;

/// <summary>A quickstart's two sets of synthetic radiographs, of different patients: one with reports to pretrain on, one with labels.</summary>
/// <param name="context">What the stages share.</param>
internal sealed class QuickstartData(QuickstartContext context)
{
    private const string Pretraining = "pretraining", Labelled = "labelled";

    private readonly QuickstartSettings settings = context.Settings;

    /// <summary>Draws and prepares both.</summary>
    /// <returns>The folder of the dataset with reports, and the dataset with labels, which is the caller's to dispose.</returns>
    /// <exception cref="UserErrorException">A patient is in both.</exception>
    internal (string Pretraining, PreparedDataset Labelled) Make()
    {
        ulong seed = 2 * (ulong)settings.Seed;
        string pretraining = context.Layout.Dataset(Pretraining);
        // Drawing keeps all processors busy, listing and verifying do not.
        context.RunBoth(
            own => Make(own, Pretraining, settings.PretrainingCount, seed, new(0.95, 0.05, 0)),
            own => Make(own, Labelled, settings.LabelledCount, seed + 1, QuickstartSettings.LabelledSplit));
        var labelled = PreparedDataset.Open(context.Layout.Dataset(Labelled));
        try
        {
            RequirePatientsDiffer(pretraining, labelled);
            return (pretraining, labelled);
        }
        catch
        {
            labelled.Dispose();
            throw;
        }
    }

    private void Make(QuickstartContext own, string name, int count, ulong seed, SplitFractions split)
    {
        var (archive, output) = (own.Layout.Archive(name), own.Layout.Dataset(name));
        own.RunUnheld($"drawing {count:N0} radiographs ({name})", progress => PhantomArchive.Write(
            new(count, seed, settings.DrawnSide, settings.Difficulty, PhantomReportStyle.Systematic), archive, false, 0, progress, own.Cancellation));
        // The labels are what was drawn, not what reports say: with phantoms the truth is known.
        string[] truth = [Path.Combine(archive, PhantomArchive.TruthTable)];
        var options = new StudyOptions(Split: SplitRule.Hash, Fractions: split, Seed: (int)settings.Seed, ExtraLabels: truth);
        own.RunUnheld($"preparing ({name})", progress =>
        {
            DatasetPreparation.Run(
                new MimicCxrJpgSource(archive, new MimicOptions(Labels: "none")),
                new PreparationOptions(output, options, own.Configuration.Image.Size), null, progress, own.Cancellation);
            return DatasetVerifier.Verify(output, progress, own.Cancellation);
        });
    }

    private static void RequirePatientsDiffer(string pretraining, PreparedDataset labelled)
    {
        using var read = PreparedDataset.Open(pretraining);
        int shared = read.Radiographs.Select(r => r.PatientId).ToHashSet(StringComparer.Ordinal)
            .Intersect(labelled.Radiographs.Select(r => r.PatientId)).Count();
        if (shared > 0)
            throw new UserErrorException(
                $"{shared:N0} synthetic patients of this seed are in pretraining and among the labelled ones. Choose another seed.")
            {
                Setting = "seed",
            };
    }
}
