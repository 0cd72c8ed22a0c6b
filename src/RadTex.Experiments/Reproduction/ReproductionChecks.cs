using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>What must hold before hours are spent.</summary>
internal static class ReproductionChecks
{
    /// <summary>Requires that no pretraining's dataset holds a test patient or a test picture.</summary>
    /// <exception cref="UserErrorException">One does.</exception>
    internal static void RequireTestUnseen(IReadOnlyList<ProtocolPlan> plans, Action<string> log)
    {
        foreach (var plan in plans)
        {
            using var dataset = PreparedDataset.Open(plan.Dataset);
            var test = new SweepData(plan.Protocol, dataset, new("", [null]), 0).Test;
            string[] patients = [.. test.Radiographs.Select(r => r.PatientId)];
            foreach (var folder in plan.Jobs.Values.SelectMany(j => j).Select(j => j.Options.Dataset).Distinct())
            {
                using var pretraining = PreparedDataset.Open(folder);
                var seen = SeenRadiographs.OfPretraining(pretraining, withPictures: false)
                    .Overlap(PatientDomain.Of(dataset.Manifest), patients, []);
                if (!seen.IsEmpty)
                    throw new UserErrorException(
                        $"{plan.Protocol.Name}: {seen.Patients:N0} test patients of {plan.Dataset} are in the pretraining dataset {folder}. "
                            + "Expected none, since every figure would be void: pretrain on other patients, or on the protocol's own "
                            + "training split (\"dataset\": \"protocol\").");
                // Pictures too: under another id no patient is shared.
                int[] learnt = [.. pretraining.Radiographs.Where(r => r.Split != Split.Test).Select(r => r.Index)];
                var (pictures, _) = PictureLeaks.Require(pretraining, learnt, dataset, test.Indices, "pretraining");
                log(
                    $"{plan.Protocol.Name}: pretraining on {Path.GetFileName(folder)} sees none of the "
                        + $"{patients.Distinct().Count():N0} test patients. {pictures}");
            }
        }
    }
}
