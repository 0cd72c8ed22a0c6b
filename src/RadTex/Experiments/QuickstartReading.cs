using RadTex.Checkpoints;
using RadTex.Data;
using RadTex.Models;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Experiments;

/// <summary>The pretrained model reads a few radiographs it has not seen.</summary>
internal static class QuickstartReading
{
    private const int Count = 6;

    // The first ones of the test split, one a patient: not picked by how well they are read.
    internal static IReadOnlyList<ReadRadiograph> Read(string modelFolder, PreparedDataset dataset, CancellationToken cancellation)
    {
        var (model, vocabulary, card) = ModelFolder.Read(modelFolder);
        using (model)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            PreparedRadiograph[] shown = [.. dataset.Radiographs.Where(r => r.Split == Split.Test && r.Text is not null).DistinctBy(r => r.PatientId).Take(Count)];
            if (shown.Length == 0) return [];
            var batches = new RadiographBatches(dataset, new(card.ImageSize, card.Model.Channels, IntensityScalings.Parse(card.Scaling)));
            cancellation.ThrowIfCancellationRequested();
            var captions = new BeamSearch().Search(model, model.Encode(batches.CentreViews([.. shown.Select(r => r.Index)])));
            var tokenizer = new ReportTokenizer(vocabulary, card.Model.MaxTokens);
            return [.. shown.Zip(captions, (r, c) => new ReadRadiograph(r.ImageId, r.ImagePath, r.Text!, tokenizer.Decode([.. c[0].Tokens])))];
        }
    }
}
