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
        Draw(Pretraining, settings.PretrainingCount, seed);
        Draw(Labelled, settings.LabelledCount, seed + 1);
        var pretraining = Prepare(Pretraining, new(0.95, 0.05, 0));
        var labelled = PreparedDataset.Open(Prepare(Labelled, QuickstartSettings.LabelledSplit));
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

    private void Draw(string name, int count, ulong seed) => context.Run($"drawing {count:N0} radiographs ({name})", progress => PhantomArchive.Write(
        new(count, seed, settings.DrawnSide, settings.Difficulty, PhantomReportStyle.Systematic), context.Layout.Archive(name), false, 0, progress,
        context.Cancellation));

    private string Prepare(string name, SplitFractions split) => context.Run($"preparing ({name})", progress =>
    {
        var (archive, output) = (context.Layout.Archive(name), context.Layout.Dataset(name));
        // The labels are what was drawn, not what reports say: with phantoms the truth is known.
        string[] truth = [Path.Combine(archive, PhantomArchive.TruthTable)];
        var options = new StudyOptions(Split: SplitRule.Hash, Fractions: split, Seed: (int)settings.Seed, ExtraLabels: truth);
        DatasetPreparation.Run(
            new MimicCxrJpgSource(archive, new MimicOptions(Labels: "none")),
            new PreparationOptions(output, options, context.Configuration.Image.Size), null, progress, context.Cancellation);
        DatasetVerifier.Verify(output, progress, context.Cancellation);
        return output;
    });

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
